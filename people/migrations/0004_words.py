"""An index of the words by which people are found: names and reference, by trigrams.

Without a list of what waits to be put in: after a bulk load each search would read it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_safe_address"),
        # Brings pg_trgm.
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX person_words ON people_youngperson USING gin"
            " (upper(given_name || ' ' || family_name || ' ' || known_as || ' ' || reference)"
            " gin_trgm_ops) WITH (fastupdate = off)",
            "DROP INDEX person_words",
        ),
    ]
