"""Names are looked up once, however many people have them.

The indexes by which people are matched hold all by which those who are found are put in order,
so that a search fetches nobody. The list of names is kept by the database: the application can
neither read it nor change it.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Upper

KEEP = """
CREATE FUNCTION people_spell() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- In order, so that of two who write the same names one waits for the other.
    INSERT INTO people_spelling (name)
    SELECT DISTINCT upper(named.name) FROM added
    CROSS JOIN LATERAL (
        VALUES (added.given_name), (added.family_name), (added.known_as)
    ) AS named (name)
    WHERE named.name <> '' ORDER BY 1
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

-- Names that nobody has any more. Whoever writes a name meanwhile is waited for, and waits.
CREATE FUNCTION people_forget_spellings() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    forgotten bigint;
BEGIN
    LOCK TABLE people_spelling IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM people_spelling s
    WHERE NOT EXISTS (SELECT FROM people_youngperson p WHERE upper(p.family_name) = s.name)
      AND NOT EXISTS (SELECT FROM people_youngperson p WHERE upper(p.given_name) = s.name)
      AND NOT EXISTS (SELECT FROM people_youngperson p WHERE upper(p.known_as) = s.name);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$$;

INSERT INTO people_spelling (name)
SELECT upper(family_name) FROM people_youngperson WHERE family_name <> ''
UNION SELECT upper(given_name) FROM people_youngperson WHERE given_name <> ''
UNION SELECT upper(known_as) FROM people_youngperson WHERE known_as <> '';

CREATE TRIGGER people_spell_new AFTER INSERT ON people_youngperson
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION people_spell();
CREATE TRIGGER people_spell_changed AFTER UPDATE ON people_youngperson
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION people_spell();

REVOKE ALL ON people_spelling FROM tl_app;
GRANT SELECT, INSERT, DELETE ON people_spelling TO tl_definer;
GRANT SELECT ON people_youngperson TO tl_definer;
ALTER FUNCTION people_spell() OWNER TO tl_definer;
ALTER FUNCTION people_forget_spellings() OWNER TO tl_definer;
"""
DROP = """
DROP TRIGGER people_spell_new ON people_youngperson;
DROP TRIGGER people_spell_changed ON people_youngperson;
DROP FUNCTION people_spell();
DROP FUNCTION people_forget_spellings();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="Spelling",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.AddIndex(
            model_name="spelling",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False,
                fields=["name"],
                name="spelling_trigrams",
                opclasses=("gin_trgm_ops",),
            ),
        ),
        migrations.AddIndex(
            model_name="youngperson",
            index=models.Index(
                Upper("family_name"),
                models.F("family_name"),
                models.F("given_name"),
                models.F("id"),
                name="person_family_names",
            ),
        ),
        migrations.AddIndex(
            model_name="youngperson",
            index=models.Index(
                Upper("given_name"),
                models.F("family_name"),
                models.F("given_name"),
                models.F("id"),
                name="person_given_names",
            ),
        ),
        migrations.AddIndex(
            model_name="youngperson",
            index=models.Index(
                Upper("known_as"),
                models.F("family_name"),
                models.F("given_name"),
                models.F("id"),
                name="person_names_known",
            ),
        ),
        migrations.RemoveIndex(model_name="youngperson", name="person_family_name"),
        migrations.RemoveIndex(model_name="youngperson", name="person_given_name"),
        migrations.RemoveIndex(model_name="youngperson", name="person_known_as"),
        migrations.RunSQL(KEEP, DROP),
    ]
