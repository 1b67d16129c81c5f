"""What families read of evidence is signed off by name, and a page may be given to somebody with standing."""

from typing import Any, ClassVar

from django.db import migrations, models

from safehands.desk.models import ROLES


class Migration(migrations.Migration):
    """Two references of the sign-off, the sealed party of a page, and the roles of those who work with records."""

    dependencies: ClassVar = [("desk", "0006_jobs")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField("signoff", "anonymity", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("signoff", "reporting_limits", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("ownpage", "sealed_party", models.TextField(blank=True, default="")),
        migrations.AlterField("membership", "role", models.CharField(choices=ROLES, max_length=20)),
    ]
