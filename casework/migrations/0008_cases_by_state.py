"""An agency's own cases in one state, by the person: as their list goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0007_waiting_in_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["agency", "state", "person"], name="case_agency_state"),
        ),
        migrations.RemoveIndex(model_name="case", name="case_agency_open"),
    ]
