"""Work done beside the requests, and what came of it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of jobs."""

    dependencies: ClassVar = [("desk", "0005_erasures_wait_for_two")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(db_index=True, max_length=20)),
                ("agency", models.CharField(max_length=26)),
                ("asked_by", models.CharField(max_length=60)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("beat_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("done", models.PositiveIntegerField(default=0)),
                ("of", models.PositiveIntegerField(default=1)),
                ("asked", models.JSONField(default=dict)),
                ("found", models.JSONField(blank=True, null=True)),
                ("faults", models.JSONField(default=list)),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
