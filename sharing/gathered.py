"""The facts about some people in one statement, and what the wall then need not ask again.

Every page begins by asking what its actor sees of some people. The database gathers what
that follows from in functions of its own: row by row, each fact would cost a probe of the
wall. They give away facts alone, never content, and only such as bear on the actor's own
agency or on people who are open to it.

While it gathers, the database notes for which of them the wall is open to the transaction
in hand (`app.opened`): the policies look there first. The note holds for one transaction,
one actor and one instant; a statement that changes what it follows from drops it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.db.models import Model

from access import rule
from sharing import wall

MOST_NOTED = 300
"""For so many people the note is kept: beyond, to look through it costs more than to ask."""

_NOTE = """
CREATE OR REPLACE FUNCTION wall_note(people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    noted uuid[];
    mine uuid := wall_agency();
    moment timestamptz := wall_at();
BEGIN
    IF wall_free() OR mine IS NULL OR cardinality(people) > {most} THEN
        RETURN;
    END IF;
    noted := coalesce(wall_opened(), '{{}}');
    -- Most are open whatever is agreed, which is quickly seen.
    people := ARRAY(
        SELECT p FROM unnest(people) AS p
        WHERE p <> ALL (noted) AND (
            EXISTS (SELECT FROM sharing_involvement i
                    WHERE i.person_id = p AND i.agency_id = mine AND i.basis IN ({sure})
                      AND i.categories <> 0
                      AND i.starts <= moment AND (i.ends IS NULL OR i.ends > moment))
            OR wall_opens(p)));
    IF cardinality(people) = 0 THEN
        RETURN;
    END IF;
    IF cardinality(noted) + cardinality(people) > {most} THEN
        noted := '{{}}';
    END IF;
    PERFORM set_config('app.opened', (noted || people)::text, true);
END
$$;

CREATE OR REPLACE FUNCTION wall_forget() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM set_config('app.opened', '', true);
    RETURN NULL;
END
$$;
"""

_AGREEMENTS = """
CREATE OR REPLACE FUNCTION world_agreements(agency uuid, moment timestamptz) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(json_build_array(
                   a.categories,
                   -- Before the last party confirmed it, it was no fact.
                   greatest(a.starts, a.confirmed_at), a.ends,
                   EXISTS (SELECT FROM sharing_agreementsuspension s
                           WHERE s.agreement_id = a.id AND s.starts <= moment
                             AND (s.ends IS NULL OR s.ends > moment)),
                   (SELECT json_agg(p.agency_id) FROM sharing_agreementparty p
                    WHERE p.agreement_id = a.id)
               ) ORDER BY a.id), '[]')
        FROM sharing_agreementparty mine JOIN sharing_agreement a ON a.id = mine.agreement_id
        WHERE mine.agency_id = agency AND a.confirmed_at <= moment
          AND (a.ends IS NULL OR a.ends > moment - interval '{grace} hours'));
END
$$;
"""

_WORLDS = """
-- One row for each person; first, when wanted, one for nobody with the agency's agreements.
CREATE OR REPLACE FUNCTION world_of(
    people uuid[], agency uuid, asker uuid, moment timestamptz, ended boolean, agreed boolean
) RETURNS TABLE (
    person_id uuid, lead uuid, restricted boolean, barred boolean, facts json
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    asked uuid[] := people;
BEGIN
    IF NOT wall_free() AND agency IS DISTINCT FROM wall_agency() THEN
        -- Somebody else's agency: of people alone who are open to the actor's.
        asked := ARRAY(SELECT p FROM unnest(people) AS p
                       WHERE wall_opens(p) AND p <> ALL (wall_barred()));
    END IF;
    PERFORM wall_note(asked);
    IF agreed THEN
        RETURN QUERY SELECT NULL::uuid, NULL::uuid, false, false, world_agreements(agency, moment);
    END IF;
    RETURN QUERY
    SELECT p.key,
           (SELECT l.agency_id FROM sharing_leadagency l
            WHERE l.person_id = p.key AND l.starts <= moment
              AND (l.ends IS NULL OR l.ends > moment)),
           EXISTS (SELECT FROM sharing_restriction r
                   WHERE r.person_id = p.key AND r.starts <= moment
                     AND (r.ends IS NULL OR r.ends > moment)),
           EXISTS (SELECT FROM sharing_bar b
                   WHERE b.person_id = p.key AND b.user_id = asker AND b.starts <= moment
                     AND (b.ends IS NULL OR b.ends > moment)),
           (SELECT json_agg(json_build_array(
                       i.worker_id, i.basis, i.categories, i.starts, i.ends, i.one_off
                   ) ORDER BY i.starts, i.id)
            FROM sharing_involvement i
            WHERE i.person_id = p.key AND i.agency_id = agency
              AND (ended OR i.starts <= moment AND (i.ends IS NULL OR i.ends > moment)))
    FROM unnest(asked) WITH ORDINALITY AS p (key, place)
    ORDER BY p.place;
END
$$;

-- The same for the first candidates of these principals: see `sharing.reach`.
CREATE OR REPLACE FUNCTION world_page(
    principals uuid[], agency uuid, asker uuid, moment timestamptz, ended boolean, agreed boolean,
    most integer, start uuid, back boolean, kept boolean[], rows_in regclass
) RETURNS TABLE (
    person_id uuid, lead uuid, restricted boolean, barred boolean, facts json
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    leads uuid[];
    sure uuid[];
    bound uuid;
    named uuid[];
    probe text;
    way text;
    live text;
BEGIN
    IF NOT (wall_free() OR coalesce(principals <@ wall_principals(), false)) THEN
        RETURN;
    END IF;
    -- Nobody's agreement is needed, or that of a partner with whom one has any effect now.
    leads := '{nil}'::uuid || ARRAY(
        SELECT DISTINCT p.agency_id
        FROM sharing_agreementparty mine
        JOIN sharing_agreement a ON a.id = mine.agreement_id
        JOIN sharing_agreementparty p ON p.agreement_id = a.id AND p.agency_id <> agency
        WHERE mine.agency_id = agency AND a.confirmed_at <= moment AND a.starts <= moment
          AND (a.ends IS NULL OR a.ends > moment - interval '{grace} hours')
          AND NOT EXISTS (SELECT FROM sharing_agreementsuspension s
                          WHERE s.agreement_id = a.id AND s.starts <= moment
                            AND (s.ends IS NULL OR s.ends > moment)));
    -- Where those for whom no agreement is needed fill the page, the others can only stand
    -- among them: nobody beyond the last of them is looked for.
    IF rows_in IS NULL AND NOT back THEN
        -- As nearly every page is asked: planned once, unlike what is put together below.
        sure := ARRAY(
            SELECT reach.person_id FROM sharing_reach AS reach
            WHERE reach.principal = principals[1] AND reach.lead = '{nil}'
              AND reach.is_open = ANY (kept)
              AND reach.since <= moment AND (reach.until IS NULL OR reach.until > moment)
              AND reach.person_id < coalesce(start, '{last}')
            ORDER BY reach.person_id DESC LIMIT most);
        bound := CASE WHEN cardinality(sure) = most THEN sure[most] ELSE '{nil}' END;
        named := ARRAY(
            SELECT both_of.person_id FROM (
                SELECT unnest(sure) AS person_id
                UNION
                SELECT found.person_id
                FROM unnest(principals) AS of (principal)
                CROSS JOIN unnest(leads) AS led (lead)
                CROSS JOIN LATERAL (
                    SELECT reach.person_id FROM sharing_reach AS reach
                    WHERE reach.principal = of.principal AND reach.lead = led.lead
                      AND reach.is_open = ANY (kept)
                      AND reach.since <= moment AND (reach.until IS NULL OR reach.until > moment)
                      AND reach.person_id < coalesce(start, '{last}')
                      AND reach.person_id > bound
                    ORDER BY reach.person_id DESC LIMIT most
                ) AS found
                WHERE (of.principal, led.lead) <> (principals[1], '{nil}'::uuid)
            ) AS both_of
            ORDER BY 1 DESC LIMIT most);
    ELSE
        -- The table, if one is named, is one of ours: it has been found by its name.
        probe := CASE WHEN rows_in IS NULL THEN '' ELSE format(
            'AND EXISTS (SELECT FROM %s AS t WHERE t.person_id = reach.person_id)', rows_in) END;
        way := CASE WHEN back THEN 'ASC' ELSE 'DESC' END;
        live := format(
            'reach.is_open = ANY ($1) AND reach.since <= $2
             AND (reach.until IS NULL OR reach.until > $2)
             AND ($3 IS NULL OR reach.person_id %s $3) %s',
            CASE WHEN back THEN '>' ELSE '<' END, probe);
        EXECUTE format(
            'SELECT ARRAY(
                SELECT reach.person_id FROM sharing_reach AS reach
                WHERE reach.principal = $5 AND reach.lead = ''{nil}'' AND %s
                ORDER BY reach.person_id %s LIMIT $4)', live, way)
        INTO sure USING kept, moment, start, most, principals[1];
        bound := CASE WHEN cardinality(sure) = most THEN sure[most] END;
        EXECUTE format(
            'SELECT ARRAY(
                SELECT both_of.person_id FROM (
                    SELECT unnest($5) AS person_id
                    UNION
                    SELECT found.person_id
                    FROM unnest($6) AS of (principal)
                    CROSS JOIN unnest($7) AS led (lead)
                    CROSS JOIN LATERAL (
                        SELECT reach.person_id FROM sharing_reach AS reach
                        WHERE reach.principal = of.principal AND reach.lead = led.lead AND %s
                          AND ($8 IS NULL OR reach.person_id %s $8)
                        ORDER BY reach.person_id %s LIMIT $4
                    ) AS found
                    WHERE (of.principal, led.lead) <> ($6[1], ''{nil}''::uuid)
                ) AS both_of
                ORDER BY 1 %s LIMIT $4)',
            live, CASE WHEN back THEN '<' ELSE '>' END, way, way)
        INTO named USING kept, moment, start, most, sure, principals, leads, bound;
    END IF;
    RETURN QUERY SELECT * FROM world_of(named, agency, asker, moment, ended, agreed);
END
$$;
"""

FORGETS = (
    "sharing_involvement",
    "sharing_leadagency",
    "sharing_agreement",
    "sharing_agreementparty",
    "sharing_agreementsuspension",
)
"""The tables from which it follows for whom the wall is open."""

DEFINED = (
    "wall_note(uuid[])",
    "world_agreements(uuid, timestamptz)",
    "world_of(uuid[], uuid, uuid, timestamptz, boolean, boolean)",
    "world_page(uuid[], uuid, uuid, timestamptz, boolean, boolean, integer, uuid, boolean,"
    " boolean[], regclass)",
)
"""Functions that read past the wall."""

Row = tuple[UUID | None, UUID | None, bool, bool, Any]
"""A person's key, their lead agency, whether they are restricted and barred, involvements as
[worker, basis, categories, starts, ends, one_off]; first, for nobody, the agreements as
[categories, starts, ends, suspended, parties]."""


def of(
    people: Sequence[UUID], *, agency: UUID, asker: UUID, at: datetime, ended: bool, agreed: bool
) -> list[Row]:
    """The facts about these people as they bear on this agency and user at an instant.

    `ended`: with involvements that no longer are, or not yet. `agreed`: with the agreements.
    """
    return _rows(
        "world_of(%s, %s, %s, %s, %s, %s)", [list(people), agency, asker, at, ended, agreed]
    )


def page(
    principals: Sequence[UUID],
    *,
    agency: UUID,
    asker: UUID,
    at: datetime,
    ended: bool,
    agreed: bool,
    limit: int,
    after: UUID | None,
    back: bool,
    open_only: bool,
    having: type[Model] | None = None,
) -> list[Row]:
    """The same for the first candidates of these principals, or the next after one.

    In order, the newest person first, or with `back` the other way. `open_only` leaves out
    those of whom nothing but a closed record could be opened, `having` those who have no
    row in that table. The cost depends on `limit` alone. The order is that of the keys: any
    other would move with what its reader may not see.
    """
    kept = [True] if open_only else [True, False]
    table = having._meta.db_table if having is not None else None
    return _rows(
        "world_page(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text::regclass)",
        [list(principals), agency, asker, at, ended, agreed, limit, after, back, kept, table],
    )


def agreements(agency: UUID, at: datetime) -> Any:
    """The agreements of an agency that still have any effect, as in the first of the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT world_agreements(%s, %s)", [agency, at])
        return _parsed(cursor.fetchone()[0])


def _rows(call: str, parameters: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        # No outside text is in it: a name of ours, and parameters.
        cursor.execute(f"SELECT person_id, lead, restricted, barred, facts FROM {call}",  # noqa: S608  # nosec B608
                       parameters)  # fmt: skip
        return [(*row[:4], _parsed(row[4])) for row in cursor.fetchall()]


def _parsed(value: Any) -> Any:
    # Django leaves the database's JSON as text.
    return json.loads(value) if isinstance(value, str) else value


def functions() -> str:
    """The SQL of the functions."""
    grace = int(rule.GRACE.total_seconds() // 3600)
    # Numbers and keys of ours alone are put in.
    return (
        _NOTE.format(most=MOST_NOTED, sure=wall.sure())
        + _AGREEMENTS.format(grace=grace)
        + _WORLDS.format(grace=grace, nil=UUID(int=0), last=UUID(int=(1 << 128) - 1))
    )


def install(using: str = "default", **_: Any) -> None:
    """Write the functions and the triggers that drop the note.

    Called after migrations, as the owner, once the wall stands and the projection is there.
    """
    database = connections[using]
    if database.vendor != "postgresql":
        return
    needed = {"sharing_reach", "sharing_restriction", "sharing_bar", *FORGETS}
    existing = set(database.introspection.table_names())
    if not existing >= needed:
        return
    with database.cursor() as cursor:
        cursor.execute(functions())
        cursor.execute("GRANT SELECT ON sharing_restriction TO tl_definer")
        # Whether somebody has a row there, which pages of such rows begin with.
        for table in {table for table, _ in wall.walled()} & existing:
            cursor.execute(f"GRANT SELECT ON {table} TO tl_definer")
        for name in DEFINED:
            cursor.execute(f"ALTER FUNCTION {name} OWNER TO tl_definer")
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'wall_forget'"
        )
        standing = {table for (table,) in cursor.fetchall()}
        for table in FORGETS:
            if table not in standing:
                cursor.execute(
                    f"CREATE TRIGGER wall_forget AFTER INSERT OR UPDATE OR DELETE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION wall_forget()"
                )
