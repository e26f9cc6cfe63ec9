"""The register of lawful bases is product data: a new installation has it."""

from django.db import migrations

from sharing.lawful_bases import ROWS


def write(apps, schema_editor):
    """Write each row that is not there yet."""
    basis = apps.get_model("sharing", "LawfulBasis")
    for row in ROWS:
        basis.objects.get_or_create(
            code=row.code,
            defaults={
                "name": row.name,
                "who": list(row.who),
                "categories": row.categories,
                "must_record": row.must_record,
                "effective_from": row.effective_from,
            },
        )


class Migration(migrations.Migration):
    """Writes the register; taking it back leaves the rows, which decisions may name."""

    dependencies = [("sharing", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
