"""The register of conditions as it begins, and to whom a basis reaches where the law says."""

from django.db import migrations

from sharing.lawful_bases import CONDITIONS, RECIPIENTS


def write(apps, schema_editor):
    """Write each condition that is not there yet; and the recipients that are not set."""
    condition = apps.get_model("sharing", "ProcessingCondition")
    for row in CONDITIONS:
        condition.objects.get_or_create(
            code=row.code,
            defaults={
                "name": row.name,
                "special": row.special,
                "offence": row.offence,
                "needs_limb": row.needs_limb,
                "effective_from": "2018-05-25",
            },
        )
    basis = apps.get_model("sharing", "LawfulBasis")
    for code, kinds in RECIPIENTS.items():
        basis.objects.filter(code=code, to=[]).update(to=list(kinds))


class Migration(migrations.Migration):
    """Writes the register; taking it back leaves the rows, which decisions may name."""

    dependencies = [("sharing", "0005_decisions_in_full")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
