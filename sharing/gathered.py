"""The facts about some people in one statement, and what the wall then need not ask again.

Every page begins by asking what its actor sees of some people. The database gathers what
that follows from in functions of its own: row by row, each fact would cost a probe of the
wall. They give away facts alone, never content, and only such as bear on the actor's own
agency or on people who are open to it.

While it gathers, the database notes for which of them the wall is open to the transaction
in hand (`app.opened`): the policies look there first. The note holds for one transaction,
one actor and one instant; a statement that changes what it follows from drops it. So it is
with what an agency's agreements cover (`app.covered`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections

from access import rule
from access.bases import Basis
from sharing import reach, wall

MOST_NOTED = 300
"""For so many people the note is kept: beyond, to look through it costs more than to ask."""

FEW = 250
"""So many at a time are judged where many are counted."""

_GONE = """
DROP FUNCTION IF EXISTS wall_note(uuid[]);
DROP FUNCTION IF EXISTS world_of(uuid[], uuid, uuid, timestamptz, boolean, boolean);
DROP FUNCTION IF EXISTS world_page(uuid[], uuid, uuid, timestamptz, boolean, boolean, integer,
    uuid, boolean, boolean[], regclass);
"""

_NOTE = """
-- `sure` are those of them for whom the wall is open; null where that is still to be found out.
CREATE OR REPLACE FUNCTION wall_note(people uuid[], sure uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    noted uuid[];
    barred uuid[];
BEGIN
    IF wall_free() OR wall_agency() IS NULL OR cardinality(people) > {most} THEN
        RETURN;
    END IF;
    noted := coalesce(wall_opened(), '{{}}');
    barred := wall_barred();
    sure := ARRAY(
        SELECT DISTINCT p
        FROM unnest(coalesce(sure, wall_opens_among(people))) AS p
        WHERE p <> ALL (noted) AND p <> ALL (barred));
    IF cardinality(sure) = 0 THEN
        RETURN;
    END IF;
    IF cardinality(noted) + cardinality(sure) > {most} THEN
        noted := '{{}}';
    END IF;
    PERFORM set_config('app.opened', (noted || sure)::text, true);
END
$$;

CREATE OR REPLACE FUNCTION wall_forget() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM set_config('app.opened', '', true), set_config('app.covered', '', true);
    RETURN NULL;
END
$$;
"""

_AGREEMENTS = """
CREATE OR REPLACE FUNCTION world_agreements(agency uuid, moment timestamptz) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
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
        FROM sharing_agreementparty mine
        JOIN sharing_agreement a ON a.id = mine.agreement_id
        WHERE mine.agency_id = agency AND a.confirmed_at <= moment
          AND (a.ends IS NULL OR a.ends > moment - interval '{grace} hours'));
END
$$;
"""

_WORLDS = """
-- A statement for each kind of fact, whatever the number of people.
CREATE OR REPLACE FUNCTION world_facts(
    people uuid[], agency uuid, asker uuid, moment timestamptz, ended boolean, agreed boolean
) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    asked uuid[] := people;
    -- Of whose agreements it is asked what they cover.
    mine uuid := agency;
    barred uuid[];
    led uuid[];
    leads uuid[];
    others uuid[];
    carried integer[];
    kept integer[];
    involvements json;
    open_to uuid[];
BEGIN
    IF NOT wall_free() AND agency IS DISTINCT FROM wall_agency() THEN
        -- Somebody else's agency: of people alone who are open to the actor's.
        barred := wall_barred();
        asked := ARRAY(SELECT p FROM unnest(people) AS p
                       WHERE wall_opens(p) AND p <> ALL (barred));
    END IF;
    SELECT array_agg(l.person_id), array_agg(l.agency_id) INTO led, leads
    FROM sharing_leadagency l
    WHERE l.person_id = ANY (asked) AND l.starts <= moment
      AND (l.ends IS NULL OR l.ends > moment);
    SELECT * INTO others, carried, kept FROM wall_covered(mine, moment);
    SELECT json_agg(json_build_array(
               i.person_id, i.worker_id, i.basis, i.categories, i.one_off,
               CASE WHEN ended THEN i.starts END, CASE WHEN ended THEN i.ends END
           ) ORDER BY i.starts, i.id),
           array_agg(i.person_id) FILTER (
               WHERE i.starts <= moment AND (i.ends IS NULL OR i.ends > moment)
                 AND i.basis IN ({bases}) AND {effective})
    INTO involvements, open_to
    FROM sharing_involvement i
    WHERE i.person_id = ANY (asked) AND i.agency_id = agency
      AND (ended OR i.starts <= moment AND (i.ends IS NULL OR i.ends > moment));
    -- What is so of one agency at one instant is of no other.
    PERFORM wall_note(asked, CASE WHEN agency = wall_agency() AND moment = wall_at()
                                  THEN coalesce(open_to, '{{}}') END);
    RETURN json_build_array(
        array_to_json(asked),
        array_to_json(led), array_to_json(leads),
        (SELECT json_agg(r.person_id) FROM sharing_restriction r
         WHERE r.person_id = ANY (asked) AND r.starts <= moment
           AND (r.ends IS NULL OR r.ends > moment)),
        (SELECT json_agg(b.person_id) FROM sharing_bar b
         WHERE b.person_id = ANY (asked) AND b.user_id = asker AND b.starts <= moment
           AND (b.ends IS NULL OR b.ends > moment)),
        involvements,
        CASE WHEN agreed THEN world_agreements(agency, moment) END);
END
$$;
"""

_CANDIDATES = """
-- The first candidates of these principals {beyond} one: see `sharing.reach`.
DROP FUNCTION IF EXISTS {name}(uuid[], uuid, timestamptz, integer, uuid, boolean[]);
CREATE OR REPLACE FUNCTION {name}(
    principals uuid[], agency uuid, asker uuid, moment timestamptz, most integer, start uuid,
    kept boolean[], added integer, narrow boolean
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
    -- Nobody's agreement is needed, or that of a partner with whom one has any effect now.
    leads := '{nil}'::uuid
        || array_remove((SELECT others FROM wall_covered(agency, moment)), agency);
    start := coalesce(start, '{first}');
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
BEGIN
    IF NOT (wall_free() OR coalesce(agency = wall_agency(), false)) THEN
        RETURN 0;
    END IF;
    RETURN (
        SELECT count(*) FROM (
            SELECT FROM sharing_reach
            WHERE principal = agency AND carded_since <= moment
              AND (carded_until IS NULL OR carded_until > moment)
              AND person_id <> ALL (barred)
            LIMIT most) AS carded);
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
    sure uuid[];
    others uuid[];
BEGIN
    candidates := cardinality(people);
    last := people[candidates];
    -- What is worked out for whom the wall knows is so for nobody else.
    IF agency = wall_agency() AND moment = wall_at()
            AND asker::text = current_setting('app.user', true) THEN
        sure := ARRAY(
            SELECT r.person_id FROM sharing_reach r
            WHERE r.principal = agency AND r.person_id = ANY (people)
              AND r.carded_since <= moment
              AND (r.carded_until IS NULL OR r.carded_until > moment)
              AND r.person_id <> ALL (wall_barred()));
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

_HAVING = "AND EXISTS (SELECT FROM {table} AS t WHERE t.person_id = reach.person_id AND ({listed}))"

FORGETS = (
    "sharing_involvement",
    "sharing_leadagency",
    "sharing_bar",
    "sharing_agreement",
    "sharing_agreementparty",
    "sharing_agreementsuspension",
)
"""The tables from which it follows for whom the wall is open."""

DEFINED = (
    "wall_note(uuid[], uuid[])",
    "world_agreements(uuid, timestamptz)",
    "world_facts(uuid[], uuid, uuid, timestamptz, boolean, boolean)",
)
"""Functions that read past the wall, besides those that find candidates."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts about some people, as they come from the database: keys and times are text."""

    people: Sequence[str]
    """Their keys, in order; nobody of whom nothing may be asked."""
    leads: Mapping[str, str]
    """By person, the lead agency."""
    restricted: frozenset[str]
    barred: frozenset[str]
    """From whom the asker is barred."""
    involvements: Mapping[str, Sequence[Sequence[Any]]]
    """By person: worker, basis, categories, whether for once; when it starts and ends, if what
    is over was asked for too."""
    agreements: Any
    """If they were asked for: categories, starts, ends, whether suspended, parties."""


NOTHING = Gathered((), {}, frozenset(), frozenset(), {}, None)
"""The facts about nobody."""


def of(
    people: Sequence[UUID], *, agency: UUID, asker: UUID, at: datetime, ended: bool, agreed: bool
) -> Gathered:
    """The facts about these people as they bear on this agency and user at an instant.

    `ended`: with involvements that no longer are, or not yet. `agreed`: with the agreements.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT world_facts(%s::uuid[], %s, %s, %s, %s, %s)",
            # As text: to write a list of keys costs more than to find them.
            ["{" + ",".join(map(str, people)) + "}", agency, asker, at, ended, agreed],
        )
        keys, led, leads, restricted, barred, involvements, agreements = _parsed(
            cursor.fetchone()[0]
        )
    by_person: dict[str, list[Sequence[Any]]] = {}
    for person, *involvement in involvements or ():
        by_person.setdefault(person, []).append(involvement)
    return Gathered(
        keys,
        dict(zip(led or (), leads or (), strict=True)),
        frozenset(restricted or ()),
        frozenset(barred or ()),
        by_person,
        agreements,
    )


def candidates(back: bool, table: str | None) -> str:
    """The function of the database that names candidates, of a table's rows if one is named.

    Its arguments: principals, agency, user, instant, how many, the key after which it begins,
    and then what narrows: those whose projection `is_open` so; categories, as bits, that may be
    open whatever involvements carry; whether of the agency's own list nothing but these is open.
    Who has no row in the table that could be listed (`PersonalModel.listed`) is left out. In
    order, the newest person first, or with `back` the other way: the order is that of the keys,
    any other would move with what its reader may not see. It costs as many as are asked for.
    """
    return "_".join(["reach", "before" if back else "beyond", *([table] if table else [])])


def carded(*, agency: UUID, asker: UUID, at: datetime, most: int) -> int:
    """How many people a worker of this agency is sure to see something of; `most` at most.

    For somebody to whom no forbid of their own applies. There may be more: those of whom it
    takes a closer look to tell.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT reach_carded(%s, %s, %s, %s)", [agency, asker, at, most])
        return int(cursor.fetchone()[0])


def agreements(agency: UUID, at: datetime) -> Any:
    """The agreements of an agency that still have any effect, as in the first of the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT world_agreements(%s, %s)", [agency, at])
        return _parsed(cursor.fetchone()[0])


def _parsed(value: Any) -> Any:
    # Django leaves the database's JSON as text.
    return json.loads(value) if isinstance(value, str) else value


def functions() -> str:
    """The SQL of the functions that gather, and of the note."""
    # Numbers and keys of ours alone are put in.
    return (
        _GONE
        + _NOTE.format(most=MOST_NOTED)
        + _AGREEMENTS.format(grace=_grace())
        + _WORLDS.format(
            effective=wall.effective("leads[array_position(led, i.person_id)]"),
            bases=wall.listed_bases(Basis),
        )
    )


def _candidates(table: str | None, listed: str = "") -> Iterator[tuple[str, str]]:
    """The functions that find candidates in either order: name and SQL."""
    ends = UUID(int=0), UUID(int=(1 << 128) - 1)
    listed = listed.format(
        carried="(CASE WHEN narrow AND reach.principal = agency THEN 0 ELSE reach.carries END"
        " | added)",
        agency="agency", asker="asker",
        shared="(reach.principal = everyone)",
    )  # fmt: skip
    having = _HAVING.format(table=table, listed=listed) if table else ""
    for back in (False, True):
        last, first = reversed(ends) if back else ends
        name = candidates(back, table)
        yield name, _CANDIDATES.format(
            name=name, nil=reach.NIL, having=having, first=first, last=last,
            beyond=">" if back else "<", way="ASC" if back else "DESC",
        )  # fmt: skip


def _grace() -> int:
    return int(rule.GRACE.total_seconds() // 3600)


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
        for name in DEFINED:
            cursor.execute(f"ALTER FUNCTION {name} OWNER TO tl_definer")
        # Whether somebody has a row there, which pages of such rows begin with.
        listed = {one: sql for one, sql in wall.listed_tables() if one in existing}
        for one in existing & {*listed, "sharing_consentline"}:
            cursor.execute(f"GRANT SELECT ON {one} TO tl_definer")
        for table in (None, *sorted(listed)):
            for name, sql in _candidates(table, listed.get(table or "", "")):
                cursor.execute(sql)
                cursor.execute(f"ALTER FUNCTION {name} OWNER TO tl_definer")
        cursor.execute(_COUNTED.format(few=FEW))
        cursor.execute("ALTER FUNCTION reach_counted OWNER TO tl_definer")
        cursor.execute(_CARDED)
        cursor.execute("ALTER FUNCTION reach_carded OWNER TO tl_definer")
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
