"""The kinds of intervention are product data: a new installation has them."""

from django.db import migrations

from casework.kinds import KINDS, VERSION


def write(apps, schema_editor):
    """Write each kind that is not there yet."""
    kind = apps.get_model("casework", "KindOfIntervention")
    for component, rows in KINDS.items():
        for place, (code, name) in enumerate(rows, 1):
            kind.objects.get_or_create(
                code=code,
                defaults={
                    "name": name,
                    "component": component,
                    "version": VERSION,
                    "place": place,
                },
            )


class Migration(migrations.Migration):
    """Writes the list; taking it back leaves the rows, which interventions may name."""

    dependencies = [("casework", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
