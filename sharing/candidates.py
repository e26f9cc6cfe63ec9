"""Candidates: who may be on a page, in its order, and how many there are; see `sharing.reach`.

Functions of the database read the projection past the wall, and give keys out of the asker's
own lists alone. For each table whose rows are listed over all people there are two more, which
pass over whoever has no row that could be listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from core.prepared import Statement
from sharing import reach, wall

FEW = 250
"""So many at a time are judged where many are counted."""

_CANDIDATES = """
-- The first candidates of these principals {beyond} one: see `sharing.reach`.
CREATE OR REPLACE FUNCTION {name}(
    principals uuid[], agency uuid, asker uuid, moment timestamptz, most integer, start uuid,
    kept boolean[], added integer, narrow boolean{arguments}
) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    leads uuid[];
    sure uuid[];
    bound uuid;
    everyone uuid := reach_principal(agency, 'everyone');
BEGIN
    IF NOT (wall_free() OR coalesce(principals <@ wall_principals(), false)) THEN
        RETURN '{{}}';
    END IF;
    start := coalesce(start, '{first}');
    {own}-- Nobody's agreement is needed, or that of a partner with whom one has any effect now.
    leads := '{nil}'::uuid
        || array_remove((SELECT others FROM wall_covered(agency, moment)), agency);
    -- Where those for whom no agreement is needed fill the page, the others can only stand
    -- among them: nobody beyond the last of them is looked for.
    sure := ARRAY(
        SELECT reach.person_id FROM sharing_reach AS reach
        WHERE reach.principal = principals[1] AND reach.lead = '{nil}'
          AND reach.is_open = ANY (kept)
          AND reach.since <= moment AND (reach.until IS NULL OR reach.until > moment)
          AND reach.person_id {beyond} start {having}
        ORDER BY reach.person_id {way} LIMIT most);
    bound := CASE WHEN cardinality(sure) = most THEN sure[most] ELSE '{last}' END;
    RETURN ARRAY(
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
                  AND reach.person_id {beyond} start AND bound {beyond} reach.person_id {having}
                ORDER BY reach.person_id {way} LIMIT most
            ) AS found
            WHERE (of.principal, led.lead) <> (principals[1], '{nil}'::uuid)
        ) AS both_of
        ORDER BY 1 {way} LIMIT most);
END
$$;
"""

_LASTS = """reach.carded_since <= moment
              AND (reach.carded_until IS NULL OR reach.carded_until > moment)"""
"""That a worker of the agency is sure to see somebody whose row `reach` is, unless barred from
them, or the agreement that is needed does not carry it."""
_AGREED = "reach.carded_carries & agreed.carried <> 0"
"""That it does: `agreed` says what an agreement carries."""

_CARDED = """
-- How many people of this agency's a worker of it is sure to see, `most` at most; see Reach.
CREATE OR REPLACE FUNCTION reach_carded(
    agency uuid, asker uuid, moment timestamptz, most integer
) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    barred uuid[] := ARRAY(SELECT person_id FROM sharing_bar WHERE user_id = asker
                           AND starts <= moment AND (ends IS NULL OR ends > moment));
    found integer;
BEGIN
    IF NOT (wall_free() OR coalesce(agency = wall_agency(), false)) THEN
        RETURN 0;
    END IF;
    found := (
        SELECT count(*) FROM (
            SELECT FROM sharing_reach AS reach
            WHERE reach.principal = agency AND reach.lead = '{nil}' AND {lasts}
              AND reach.person_id <> ALL (barred)
            LIMIT most) AS carded);
    IF found < most THEN
        found := found + (
            SELECT count(*) FROM (
                SELECT FROM wall_covered(agency, moment) AS covered
                CROSS JOIN LATERAL unnest(covered.others, covered.carried)
                    AS agreed (lead, carried)
                CROSS JOIN LATERAL (
                    SELECT FROM sharing_reach AS reach
                    WHERE reach.principal = agency AND reach.lead = agreed.lead AND {lasts}
                      AND {agreed} AND reach.person_id <> ALL (barred)
                    LIMIT most
                ) AS one
                LIMIT most - found) AS carded);
    END IF;
    RETURN found;
END
$$;
"""

_COUNTED = """
-- The first candidates: how many, the last, and of how many of them a worker sees anything.
DROP FUNCTION IF EXISTS reach_counted(uuid[], uuid, uuid, timestamptz, integer, uuid);
CREATE OR REPLACE FUNCTION reach_counted(
    principals uuid[], agency uuid, asker uuid, moment timestamptz, role text, on_duty boolean,
    stepped_up boolean, allowed integer, most integer, start uuid,
    OUT candidates integer, OUT last uuid, OUT seen integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    people uuid[] := reach_beyond(
        principals, agency, asker, moment, most, start, '{{true,false}}', 0, false);
    -- Once: named in the condition, it would be asked for each of them.
    barred uuid[] := wall_barred();
    sure uuid[];
    others uuid[];
BEGIN
    candidates := cardinality(people);
    last := people[candidates];
    -- What is worked out for whom the wall knows is so for nobody else.
    IF agency = wall_agency() AND moment = wall_at()
            AND asker::text = current_setting('app.user', true) THEN
        sure := ARRAY(
            SELECT reach.person_id
            FROM wall_covered(agency, moment) AS covered
            CROSS JOIN sharing_reach AS reach
            CROSS JOIN LATERAL (
                SELECT covered.carried[array_position(covered.others, reach.lead)] AS carried
            ) AS agreed
            WHERE reach.principal = agency AND reach.person_id = ANY (people) AND {lasts}
              AND (reach.lead = '{nil}' OR {agreed})
              AND reach.person_id <> ALL (barred));
    END IF;
    others := ARRAY(SELECT unnest(people) EXCEPT SELECT unnest(sure));
    seen := coalesce(cardinality(sure), 0);
    -- A few at a time: to each the rule looks up its lead agency among all of them.
    FOR place IN 1..cardinality(others) BY {few} LOOP
        seen := seen + coalesce(cardinality((
            SELECT decided.seen FROM wall_decided(
                others[place:place + {few} - 1], agency, asker, moment, role, on_duty, stepped_up,
                allowed) AS decided)), 0);
    END LOOP;
END
$$;
"""

_HAVING = (
    "AND EXISTS (SELECT FROM {table} AS t"
    " WHERE t.person_id = reach.person_id AND ({listed}){narrowed})"
)

_OWN = """IF own AND NOT (wall_free() OR coalesce(agency = wall_agency(), false)) THEN
        RETURN '{{}}';
    ELSIF own THEN
        -- Whoever has such a row of the agency's own stands in an index, kind by kind.
        RETURN ARRAY(
            SELECT found.person_id
            FROM unnest(kinds) AS one (kind)
            CROSS JOIN LATERAL (
                SELECT DISTINCT t.person_id FROM {table} AS t
                WHERE t.{agency} = agency AND t.{kind} = one.kind
                  AND t.person_id {beyond} start AND ({listed})
                ORDER BY t.person_id {way} LIMIT most
            ) AS found
            GROUP BY 1 ORDER BY 1 {way} LIMIT most);
    END IF;
    """
"""They need not be on the agency's list any more: the rule is asked about each, as always."""


def named(back: bool, table: str | None, *, narrowed: bool = False) -> str:
    """The function of the database that names candidates, of a table's rows if one is named.

    Its arguments: principals, agency, user, instant, how many, the key after which it begins,
    and then what narrows: those whose projection `is_open` so; categories, as bits, that may be
    open whatever involvements carry; whether of the agency's own list nothing but these is open.
    Who has no row in the table that could be listed (`PersonalModel.listed`) is left out. In
    order, the newest person first, or with `back` the other way: the order is that of the keys,
    any other would move with what its reader may not see. It costs as many as are asked for.
    `narrowed`, for a table whose rows can be (`PersonalModel.narrowed_by`): two arguments more,
    the kinds of rows, and whether they must be the agency's own.
    """
    way = "before" if back else "beyond"
    return "_".join(["reach", way, *([table] if table else []), *(["of"] if narrowed else [])])


def carded(*, agency: UUID, asker: UUID, at: datetime, most: int) -> int:
    """How many people a worker of this agency is sure to see something of; `most` at most.

    For somebody to whom no forbid of their own applies. There may be more: those of whom it
    takes a closer look to tell.
    """
    [number] = _SURELY.row({"agency": agency, "asker": asker, "at": at, "most": most})
    return int(number)


_SURELY = Statement("SELECT reach_carded(%(agency)s, %(asker)s, %(at)s, %(most)s)")


def _functions(
    table: str | None, listed: str = "", narrowed_by: tuple[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """The functions that find candidates in either order: name and SQL."""
    ends = UUID(int=0), UUID(int=(1 << 128) - 1)
    listed = listed.format(
        carried="(CASE WHEN narrow AND reach.principal = agency THEN 0 ELSE reach.carries END"
        " | added)",
        agency="agency", asker="asker",
        shared="(reach.principal = everyone)",
    )  # fmt: skip
    kind, agency = narrowed_by or ("", "")
    having = _HAVING.format(
        table=table,
        listed=listed,
        narrowed=f" AND t.{kind} = ANY (kinds)" if narrowed_by else "",
    )
    for back in (False, True):
        last, first = reversed(ends) if back else ends
        name = named(back, table, narrowed=narrowed_by is not None)
        beyond, way = (">", "ASC") if back else ("<", "DESC")
        own = _OWN.format(
            table=table, kind=kind, agency=agency, listed=listed, beyond=beyond, way=way
        )
        yield name, _CANDIDATES.format(
            name=name, nil=reach.NIL, having=having if table else "", first=first, last=last,
            beyond=beyond, way=way,
            arguments=", kinds text[], own boolean" if narrowed_by else "",
            own=own if narrowed_by else "",
        )  # fmt: skip


def install(using: str = "default", **_: Any) -> None:
    """Write the functions. Called after migrations, as the owner, once the projection is there."""
    database = connections[using]
    if database.vendor != "postgresql":
        return
    existing = set(database.introspection.table_names())
    if not existing >= {"sharing_reach", "sharing_bar"}:
        return
    with database.cursor() as cursor:
        # Whether somebody has a row there, which pages of such rows begin with.
        listed = {one: sql for one, sql in wall.listed_tables() if one in existing}
        for one in existing & {*listed, "sharing_consentline"}:
            cursor.execute(f"GRANT SELECT ON {one} TO {wall.DEFINER}")
        wanted: list[tuple[str | None, str, tuple[str, str] | None]]
        wanted = [(None, "", None), *((one, sql, None) for one, sql in sorted(listed.items()))]
        wanted += [(one, listed[one], by) for one, by in wall.narrowed_tables() if one in listed]
        for each in wanted:
            for name, sql in _functions(*each):
                cursor.execute(sql)
                cursor.execute(f"ALTER FUNCTION {name} OWNER TO {wall.DEFINER}")
        sure = {"nil": reach.NIL, "lasts": _LASTS, "agreed": _AGREED}
        for name, sql in (
            ("reach_counted", _COUNTED.format(few=FEW, **sure)),
            ("reach_carded", _CARDED.format(**sure)),
        ):
            cursor.execute(sql)
            cursor.execute(f"ALTER FUNCTION {name} OWNER TO {wall.DEFINER}")
