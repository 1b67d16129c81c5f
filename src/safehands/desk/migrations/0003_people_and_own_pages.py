"""Invitations, the administration log, sign-offs, ways to own pages; agencies and desks end; a seat can be given
again."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by ``makemigrations``."""

    dependencies: ClassVar = [
        ("desk", "0002_looks_stay"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Administered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.CharField(max_length=60)),
                ("role", models.CharField(max_length=20)),
                ("agency", models.CharField(db_index=True, max_length=26)),
                ("act", models.CharField(max_length=30)),
                ("about", models.CharField(max_length=80)),
                ("detail", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-expires_at"],
            },
        ),
        migrations.CreateModel(
            name="OwnPage",
            fields=[
                ("page", models.UUIDField(primary_key=True, serialize=False)),
                ("agency", models.CharField(max_length=26)),
                ("case_id", models.UUIDField()),
                ("contact", models.CharField(max_length=60)),
                ("link", models.CharField(max_length=64, unique=True)),
                ("sealed_link", models.TextField(blank=True)),
                ("word", models.CharField(blank=True, max_length=64)),
                ("channel", models.CharField(max_length=10)),
                ("sealed_route", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("code", models.CharField(blank=True, max_length=64)),
                ("code_until", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("locked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.CharField(max_length=26)),
                ("impact_assessment", models.CharField(max_length=200)),
                ("safeguarding", models.CharField(max_length=200)),
                ("lawful_basis", models.CharField(max_length=200)),
                ("names_officers", models.BooleanField(default=False)),
                ("said_by", models.CharField(max_length=60)),
                ("said_at", models.DateTimeField()),
                ("confirmed_by", models.CharField(blank=True, max_length=60)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-said_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="one_seat_a_role",
        ),
        migrations.AddField(
            model_name="agency",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="desk",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("person", "agency", "desk", "role"),
                name="one_seat_a_role",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
