"""How users' names are compared with what somebody writes, and an index of it by trigrams.

The same as `core.written_names.parts`, with a space before each word.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_safe_address"),
        # Brings pg_trgm.
        ("core", "0001_extensions"),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION agencies_name_parts(name text, username text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE
            RETURN ' ' || translate(
                replace(
                    lower(regexp_replace(
                        normalize(coalesce(nullif(name, ''), username), NFKD),
                        '[\\u0300-\\u036f]', '', 'g')),
                    'ß', 'ss'),
                '().,;:-–—''’"/&+_', '                ');
            """,
            "DROP FUNCTION agencies_name_parts(text, text)",
        ),
        migrations.RunSQL(
            "CREATE INDEX user_name_parts ON agencies_user USING gin"
            " (agencies_name_parts(name, username) gin_trgm_ops) WITH (fastupdate = off)",
            "DROP INDEX user_name_parts",
        ),
    ]
