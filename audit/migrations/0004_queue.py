"""The queue of what is to be sealed, and proofs for the records that are there already.

The application reads the queue and can neither add to it nor take from it: the triggers and
the function below do, and the function takes only what stands in the chain.
"""

from django.conf import settings
from django.db import migrations

from audit import canonical, trail

QUEUE = """
REVOKE UPDATE, DELETE, TRUNCATE ON audit_checkpoint, audit_chainlink FROM tl_app;
REVOKE UPDATE, TRUNCATE ON audit_statedpurpose FROM tl_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_unsealed FROM tl_app;
GRANT SELECT, INSERT, DELETE ON audit_unsealed TO tl_definer;
GRANT SELECT ON audit_chainlink TO tl_definer;

CREATE FUNCTION audit_enqueue() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    oldest bigint;
    newest bigint;
    most bigint := coalesce(nullif(current_setting('audit.most_waiting', true), ''), '100000');
BEGIN
    INSERT INTO public.audit_unsealed (kind, record_id, queued_at)
    SELECT TG_ARGV[0], id, clock_timestamp() FROM added ORDER BY id;
    -- Both ends of the key: how many wait, near enough, without counting them.
    SELECT id INTO oldest FROM public.audit_unsealed ORDER BY id LIMIT 1;
    SELECT id INTO newest FROM public.audit_unsealed ORDER BY id DESC LIMIT 1;
    IF newest - oldest >= most THEN
        RAISE EXCEPTION 'audit: % records wait to be sealed, no more are taken', newest - oldest
            USING HINT = 'A sink of the audit trail is down, or no worker runs.';
    END IF;
    RETURN NULL;
END
$$;
ALTER FUNCTION audit_enqueue() OWNER TO tl_definer;

CREATE TRIGGER audit_enqueue AFTER INSERT ON audit_event
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_enqueue('event');
CREATE TRIGGER audit_enqueue AFTER INSERT ON audit_accessrecord
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION audit_enqueue('access');

CREATE FUNCTION audit_unqueue(queued bigint[]) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DELETE FROM public.audit_unsealed waiting USING public.audit_chainlink link
    WHERE waiting.id = ANY (queued)
      AND link.kind = waiting.kind AND link.record_id = waiting.record_id
$$;
ALTER FUNCTION audit_unqueue(bigint[]) OWNER TO tl_definer;
REVOKE ALL ON FUNCTION audit_unqueue(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_unqueue(bigint[]) TO tl_app;

INSERT INTO audit_unsealed (kind, record_id, queued_at)
SELECT kind, id, clock_timestamp() FROM (
    SELECT 'event' AS kind, id, at FROM audit_event
    UNION ALL SELECT 'access', id, at FROM audit_accessrecord
) AS before ORDER BY at, id;
"""

NO_QUEUE = """
DROP TRIGGER audit_enqueue ON audit_event;
DROP TRIGGER audit_enqueue ON audit_accessrecord;
DROP FUNCTION audit_enqueue();
DROP FUNCTION audit_unqueue(bigint[]);
DELETE FROM audit_unsealed;
"""


def prove(apps, editor):
    """Give the records from before their proofs, and keep the words of purposes apart."""
    purposes = apps.get_model("audit", "StatedPurpose").objects
    for kind, name in ((canonical.EVENT, "Event"), (canonical.ACCESS, "AccessRecord")):
        model = apps.get_model("audit", name)
        if not model.objects.exists():
            continue
        if not settings.AUDIT_KEY:
            raise RuntimeError("AUDIT_KEY must be set: there are records to be proved.")
        table = model._meta.db_table
        editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for row in model.objects.values(*canonical.FIELDS[1][kind]).iterator(chunk_size=1000):
            if stated := row.get("purpose"):
                purposes.create(id=row["id"], person_id=row["person_id"], words=stated)
                row["purpose"] = trail.digest(stated)
            changed = {"purpose": row["purpose"]} if stated else {}
            model.objects.filter(pk=row["id"]).update(
                proof=canonical.proof(kind, row, 1), **changed
            )
        editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def forget(apps, editor):
    """Put the words of purposes back where they were."""
    access = apps.get_model("audit", "AccessRecord")
    editor.execute("ALTER TABLE audit_accessrecord DISABLE TRIGGER USER")
    for kept in apps.get_model("audit", "StatedPurpose").objects.iterator():
        access.objects.filter(pk=kept.pk).update(purpose=kept.words)
    editor.execute("ALTER TABLE audit_accessrecord ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    """Proofs first, then the queue with everything that there is."""

    dependencies = [("audit", "0003_chain")]
    operations = [
        migrations.RunPython(prove, forget),
        migrations.RunSQL(QUEUE, NO_QUEUE),
    ]
