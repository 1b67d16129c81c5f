"""A table for requests to erase, each of which waits for a second person."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("desk", "0004_kept_apart")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case_id", models.UUIDField(db_index=True)),
                ("versions", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("authority", models.TextField()),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_agency", models.CharField(max_length=26)),
                ("asked_at", models.DateTimeField()),
                ("answered_by", models.CharField(blank=True, max_length=60)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("agreed", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("case_id",),
                        name="one_open_erasure_a_case",
                    )
                ],
            },
        ),
    ]
