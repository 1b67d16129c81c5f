"""The first tables: agencies, desks, people, seats, looks, proposals."""

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by ``makemigrations``."""

    initial = True

    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "actor",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+([.-][a-z0-9]+)*$", "Small letters, digits, dots and hyphens only."
                            )
                        ],
                    ),
                ),
                ("display_name", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=26,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2,5}(-[a-z0-9]{1,20})?$",
                                "Write the role's code, then a name: POL, or AMB-east.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("on_system", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.CharField(max_length=60)),
                ("role", models.CharField(max_length=20)),
                ("agency", models.CharField(max_length=26)),
                ("case_id", models.UUIDField(db_index=True)),
                ("page", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("broke_glass", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pathway", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("proposed_by", models.CharField(max_length=60)),
                ("proposed_role", models.CharField(max_length=20)),
                ("proposed_agency", models.CharField(max_length=26)),
                ("proposed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-proposed_at"],
            },
        ),
        migrations.CreateModel(
            name="Desk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="desks", to="desk.agency"
                    ),
                ),
            ],
            options={
                "ordering": ["agency", "code"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("handler", "Call handler"),
                            ("dispatcher", "Dispatcher"),
                            ("desk", "Partner desk"),
                            ("officer", "Officer"),
                            ("responder", "Responder"),
                            ("supervisor", "Supervisor"),
                            ("inspector", "Inspector"),
                            ("duty_manager", "Duty manager"),
                            ("clinical_lead", "Clinical lead"),
                            ("navigator", "Navigator"),
                            ("analyst", "Analyst"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("administers", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="desk.agency"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="desk.desk",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["agency", "role", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.UniqueConstraint(fields=("agency", "code"), name="one_desk_a_code"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("person", "agency", "desk", "role"), name="one_seat_a_role", nulls_distinct=False
            ),
        ),
    ]
