"""The application may add to the trail, and nothing else."""

from django.db import migrations


class Migration(migrations.Migration):
    """Takes from the application's role what the triggers refuse as well."""

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON audit_event, audit_accessrecord FROM tl_app",
            "GRANT UPDATE, DELETE ON audit_event, audit_accessrecord TO tl_app",
        )
    ]
