"""Whom a list may have to show: candidates from a narrow table, for the rule to judge.

A principal is an agency (for all who work with young people there), an agency's managers,
one worker of an agency (what is named to them), everyone there (what is named to nobody
and opens more than a card), or whoever is on duty there (new referrals). For each, `Reach`
holds the people with whom an involvement that could open something to it exists or existed.
The table shows too many rather than too few: whoever reads it asks the rule about every
candidate, so it decides nothing, and nothing in it has a lifetime of its own. Times are
compared when it is read.

The database writes it by triggers on involvements and lead agencies, so that no action
can forget to. What is left in it of involvements that ended long ago, a job clears away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, connections

from access import bases
from access.actor import Member
from access.bases import OPENINGS, Basis
from access.categories import Category, to_bits
from access.roles import WORKERS, Role
from core.clock import instant

NIL = UUID(int=0)
"""Stands for "no agreement is needed, or it is not sure whose": such rows are always read."""

_POINTER, _ANY = to_bits([Category.POINTER]), to_bits(list(Category))

FORGOTTEN_AFTER = timedelta(days=2)

_REFERENCES_BEGIN = "YP-"
"""How every reference begins: a word that could be one is looked for among them as well."""


def principals(
    actor: Member, role: Role, *, more_than_card: bool = False, on_duty: bool = False
) -> list[UUID]:
    """Whose lists bear on this member in this role.

    `more_than_card`: for somebody who is no manager, without the people of whom they see at
    most whom to ask: what is named to them, what is to everyone, and `on_duty` what opens to
    whoever is. What being on duty itself opens, of people whom the agency leads, is not in it.
    """
    own = [principal(actor.agency_id, str(actor.user_id))]
    if role not in WORKERS:
        return own
    if role is Role.MANAGER:
        return [actor.agency_id, principal(actor.agency_id, "managers"), *own]
    if more_than_card:
        others = ["everyone", "duty"] if on_duty else ["everyone"]
        return [*(principal(actor.agency_id, who) for who in others), *own]
    return [actor.agency_id, *own]


def principal(agency_id: UUID, who: str) -> UUID:
    """The key of an agency's managers, or of a worker there. As `reach_principal` in SQL."""
    # A key, not a secret: it need not resist anybody.
    return UUID(hashlib.md5(f"{agency_id}:{who}".encode(), usedforsecurity=False).hexdigest())


def patterns(words: Sequence[str]) -> list[str]:
    """Words as the database's `reach_named` looks for them.

    It names those on the lists of some principals who have all the words, by name: each in any
    part of any name, or as the beginning of the reference.
    """
    return [word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in words]


def listed(of: Sequence[UUID], *, whole: UUID, carrying: int, most: int) -> set[UUID] | None:
    """Whoever is on these principals' lists with one of these categories, as bits.

    All of them on the list of `whole`, the agency itself: what being on duty opens is not in
    its rows. None if there are more entries than `most`.
    """
    if carrying & _POINTER:
        # Of everybody on a list, whatever else is carried.
        carrying = _ANY
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM sharing_reach WHERE principal = ANY (%s)"
            " AND since <= %s AND (until IS NULL OR until > %s)"
            " AND (carries & %s <> 0 OR %s = %s OR principal = %s) LIMIT %s",
            [list(of), instant(), instant(), carrying, carrying, _ANY, whole, most + 1],
        )
        found = [person_id for (person_id,) in cursor.fetchall()]
    return set(found) if len(found) <= most else None


def has_more_than(agency_id: UUID, people: int) -> bool:
    """Whether there are more people than this on the agency's list, or have been lately.

    No more than a hint by which a query is planned: the table shows too many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*)"
            " FROM (SELECT FROM sharing_reach WHERE principal = %s LIMIT %s) AS listed",
            [agency_id, people + 1],
        )
        return int(cursor.fetchone()[0]) > people


def rebuild() -> int:
    """Make the whole table anew from the rows that it follows from; how many it has now.

    As the owner of the tables.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT reach_rebuild()")
        return int(cursor.fetchone()[0])


def clear(most: int = 5_000) -> int:
    """Clear away what ended days ago, at most so many people at a time; how many."""
    before = instant() - FORGOTTEN_AFTER
    with connection.cursor() as cursor:
        cursor.execute("SELECT reach_clear(%s, %s)", [before, most])
        return int(cursor.fetchone()[0])


_TOLD = "coalesce(nullif(current_setting('app.at', true), '')::timestamptz, '-infinity')"

_ROWS = """
CREATE OR REPLACE FUNCTION reach_principal(agency uuid, who text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5(agency::text || ':' || who)::uuid;

-- What follows from the involvements of these people, or of everybody (NULL).
DROP FUNCTION IF EXISTS reach_rows(uuid[]);
CREATE FUNCTION reach_rows(people uuid[])
RETURNS TABLE (
    principal uuid, person_id uuid, lead uuid, is_open boolean, carries integer,
    since timestamptz, until timestamptz, carded_since timestamptz, carded_until timestamptz,
    carded_carries integer
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    -- Apart, so that for some nobody else's rows are ever looked at.
    IF people IS NULL THEN
        RETURN QUERY {everybody};
    ELSE
        RETURN QUERY {some};
    END IF;
END
$$;
"""

_FOLLOWS = """    WITH led AS (
        -- Sure only of somebody who has had one lead agency, and has it without an end.
        SELECT l.person_id, CASE WHEN count(*) = 1 AND bool_and(l.ends IS NULL)
                                 THEN (array_agg(l.agency_id))[1] END AS agency_id,
               min(l.starts) AS starts
        FROM sharing_leadagency l
        WHERE {l_among}
        GROUP BY l.person_id
    ),
    restricted AS (
        SELECT DISTINCT r.person_id FROM sharing_restriction r
        WHERE {r_among} AND (r.ends IS NULL OR r.ends > {told})
    ),
    facts AS (
        SELECT i.person_id, i.agency_id, i.worker_id, i.basis, i.categories, i.starts, i.ends,
               -- From when it counts whatever is agreed, and nothing but a bar hides the person.
               CASE WHEN i.categories = 0 OR restricted.person_id IS NOT NULL THEN NULL
                    WHEN i.basis NOT IN ({agreed}, 'record') THEN i.starts
                    WHEN i.basis = 'decision' AND i.one_off THEN i.starts
                    WHEN led.agency_id = i.agency_id THEN greatest(i.starts, led.starts)
               END AS sure_from,
               -- From when it counts if an agreement with the one lead agency carries any of it.
               CASE WHEN i.categories <> 0 AND restricted.person_id IS NULL
                         AND i.basis IN ({agreed}) AND NOT i.one_off
                         AND led.agency_id <> i.agency_id
                    THEN greatest(i.starts, led.starts)
               END AS agreed_from,
               CASE WHEN i.basis IN ({agreed}) AND NOT i.one_off
                         AND led.agency_id IS DISTINCT FROM i.agency_id
                    THEN coalesce(led.agency_id, '{nil}') ELSE '{nil}' END AS lead
        FROM sharing_involvement i
        LEFT JOIN led ON led.person_id = i.person_id
        LEFT JOIN restricted ON restricted.person_id = i.person_id
        WHERE i.basis IN ({known}) AND {i_among}
    ),
    opened AS (
        SELECT agency_id AS principal, * FROM facts WHERE basis NOT IN ({no_card})
        UNION ALL
        SELECT reach_principal(agency_id, 'managers'), * FROM facts WHERE basis IN ({managed})
        UNION ALL
        SELECT reach_principal(agency_id, worker_id::text), * FROM facts
        WHERE worker_id IS NOT NULL
        UNION ALL
        SELECT reach_principal(agency_id, 'everyone'), * FROM facts
        WHERE basis IN ({whole}) AND worker_id IS NULL
        UNION ALL
        SELECT reach_principal(agency_id, 'duty'), * FROM facts WHERE basis IN ({duty})
    ),
    listed AS (
        SELECT o.principal, o.person_id,
               CASE WHEN count(DISTINCT o.lead) = 1 THEN (array_agg(o.lead))[1]
                    ELSE '{nil}' END AS lead,
               -- Before an instant is told, whatever is not a closed record counts as open.
               bool_or(o.basis <> 'record' AND (o.ends IS NULL OR o.ends > {told})) AS is_open,
               bit_or(o.categories) AS carries, min(o.starts) AS since,
               CASE WHEN bool_or(o.ends IS NULL) THEN NULL ELSE max(o.ends) END AS until,
               -- Of those that are sure of a card the one that lasts longest.
               (array_agg(o.sure_from ORDER BY o.ends DESC, o.sure_from)
                   FILTER (WHERE {sure}))[1] AS sure_from,
               (array_agg(o.ends ORDER BY o.ends DESC, o.sure_from)
                   FILTER (WHERE {sure}))[1] AS sure_until,
               -- And of those that are as far as an agreement carries them.
               (array_agg(o.agreed_from {longest}) FILTER (WHERE {agreeable}))[1] AS agreed_from,
               (array_agg(o.ends {longest}) FILTER (WHERE {agreeable}))[1] AS agreed_until,
               (array_agg(o.categories {longest}) FILTER (WHERE {agreeable}))[1] AS agreed_carries
        FROM opened o GROUP BY o.principal, o.person_id
    )
    SELECT principal, person_id, lead, is_open, carries, since, until,
           CASE WHEN lead = '{nil}' THEN sure_from ELSE agreed_from END,
           CASE WHEN lead = '{nil}' THEN sure_until ELSE agreed_until END,
           CASE WHEN lead = '{nil}' THEN 0 ELSE coalesce(agreed_carries, 0) END
    FROM listed
"""

_REPLACES = """    WITH now AS MATERIALIZED (SELECT * FROM reach_rows(people)),
    gone AS (
        DELETE FROM sharing_reach old
        WHERE {old_among}
        AND NOT EXISTS (SELECT FROM now
                        WHERE now.principal = old.principal AND now.person_id = old.person_id)
    )
    INSERT INTO sharing_reach AS reach
        (principal, person_id, lead, is_open, carries, since, until, carded_since, carded_until,
         carded_carries)
    SELECT principal, person_id, lead, is_open, carries, since, until, carded_since, carded_until,
           carded_carries
    FROM now
    ON CONFLICT (principal, person_id) DO UPDATE
    SET lead = excluded.lead, is_open = excluded.is_open, carries = excluded.carries,
        since = excluded.since, until = excluded.until,
        carded_since = excluded.carded_since, carded_until = excluded.carded_until,
        carded_carries = excluded.carded_carries
    WHERE (reach.lead, reach.is_open, reach.carries, reach.since, reach.until,
           reach.carded_since, reach.carded_until, reach.carded_carries)
        IS DISTINCT FROM (excluded.lead, excluded.is_open, excluded.carries,
                          excluded.since, excluded.until,
                          excluded.carded_since, excluded.carded_until,
                          excluded.carded_carries)"""

_WRITES = """
-- For these people, or for everybody (NULL). One transaction at a time per person: what
-- another is writing is waited for, and seen.
CREATE OR REPLACE FUNCTION reach_refresh(people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    person uuid;
BEGIN
    IF people IS NULL OR cardinality(people) > 500 THEN
        LOCK TABLE sharing_reach IN SHARE ROW EXCLUSIVE MODE;
    ELSE
        LOCK TABLE sharing_reach IN ROW EXCLUSIVE MODE;
        FOR person IN SELECT DISTINCT p FROM unnest(people) AS p ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock(hashtextextended(person::text, 7));
        END LOOP;
    END IF;
    IF people IS NULL THEN
        {everybody};
    ELSE
        {some};
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION reach_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- Of a statement that changed no row there is nobody: NULL would stand for everybody.
    PERFORM reach_refresh(ARRAY(SELECT DISTINCT person_id FROM changed));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION reach_rebuild() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM reach_refresh(NULL);
    RETURN (SELECT count(*) FROM sharing_reach);
END
$$;

CREATE OR REPLACE FUNCTION reach_clear(before timestamptz, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH gone AS (
        DELETE FROM sharing_reach WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM sharing_reach WHERE until < before LIMIT most))
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
"""

_FINDS = """
-- LIKE is not leakproof: behind the wall the database would ask it of every row. So this
-- reads past the wall, and gives back keys out of the asker's own lists alone.
CREATE OR REPLACE FUNCTION reach_named(
    words text[], of uuid[], at timestamptz, most integer, beyond integer
) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    fits text;
    asked text;
    spelled text[];
    -- The word with which a search by names begins.
    first integer := 1;
    reference text;
    -- Whoever has one of the names stands in an index with all of theirs. Each is found once.
    called text := 'SELECT id, family_name, given_name, known_as FROM people_youngperson
            WHERE upper(family_name) = ANY ($5)
        UNION ALL SELECT id, family_name, given_name, known_as FROM people_youngperson
            WHERE upper(given_name) = ANY ($5) AND NOT upper(family_name) = ANY ($5)
        UNION ALL SELECT id, family_name, given_name, known_as FROM people_youngperson
            WHERE upper(known_as) = ANY ($5) AND NOT upper(family_name) = ANY ($5)
              AND NOT upper(given_name) = ANY ($5)';
    mine uuid := wall_agency();
    -- Nobody's agreement is needed, or that of a partner with whom one has any effect now.
    leads uuid[] := '{nil}'::uuid
        || array_remove((SELECT others FROM wall_covered(mine, at)), mine);
    listed text := 'SELECT FROM sharing_reach r
        WHERE r.person_id = p.id AND r.principal = ANY ($1)
          AND r.since <= $2 AND (r.until IS NULL OR r.until > $2)'
        -- Not as something to look up: a person on a list is one row.
        || CASE WHEN mine IS NOT NULL THEN ' AND array_position($7, r.lead) IS NOT NULL'
                ELSE '' END;
    -- The index of trigrams holds nothing shorter.
    indexed integer := (SELECT count(*) FROM unnest(words) AS word WHERE word ~ '[[:alnum:]]{3}');
    -- One word may be the family name of thousands; two fit few, and to count a list takes time.
    few integer := coalesce(nullif(current_setting('reach.few', true), '')::integer,
        CASE indexed WHEN 0 THEN 50000 WHEN 1 THEN 30000 ELSE 5000 END);
    are_few boolean;
BEGIN
    IF NOT (wall_free() OR coalesce(of <@ wall_principals(), false)) THEN
        RETURN;
    END IF;
    -- By the database, as the names are: others have other capitals for some letters.
    words := ARRAY(SELECT upper(word) FROM unnest(words) WITH ORDINALITY AS each (word, place)
                   ORDER BY place);
    reference := words[1] || '%';
    SELECT count(*) <= few INTO are_few
    FROM (SELECT FROM sharing_reach r WHERE r.principal = ANY (of) LIMIT few + 1) AS r;
    -- Which names hold the word, and then who has them: names are few. Of several words the
    -- longest is that which fewest have, mostly.
    IF indexed > 0 THEN
        first := (SELECT place FROM unnest(words) WITH ORDINALITY AS each (word, place)
                  ORDER BY length(word) DESC, place LIMIT 1);
        spelled := ARRAY(
            SELECT name FROM people_spelling WHERE name LIKE '%' || words[first] || '%');
    END IF;
    IF cardinality(words) = 1 AND indexed = 1 THEN
        fits := called || ' UNION ALL SELECT id, family_name, given_name, known_as
            FROM people_youngperson
            WHERE reference LIKE $6 AND NOT upper(family_name) = ANY ($5)
              AND NOT upper(given_name) = ANY ($5) AND NOT upper(known_as) = ANY ($5)';
        fits := 'SELECT p.id, p.family_name, p.given_name FROM (' || fits || ') AS p WHERE true';
    ELSIF indexed > 0 AND NOT EXISTS (
        SELECT FROM unnest(words) AS word WHERE '{reference}' LIKE word || '%'
            OR word LIKE '{reference}%'
    ) THEN
        SELECT string_agg(format(
            'upper(given_name || '' '' || family_name || '' '' || known_as) LIKE %L',
            '%' || word || '%'), ' AND ')
        INTO fits FROM unnest(words) WITH ORDINALITY AS each (word, place) WHERE place <> first;
        fits := 'SELECT p.id, p.family_name, p.given_name FROM (' || called || ') AS p
            WHERE ' || fits;
    ELSE
        -- The index holds the reference too; of that its beginning alone counts.
        SELECT string_agg(format(
            'upper(given_name || '' '' || family_name || '' '' || known_as || '' '' || reference)'
            ' LIKE %1$L AND (upper(given_name || '' '' || family_name || '' '' || known_as)'
            ' LIKE %1$L OR reference LIKE %2$L)', '%' || word || '%', word || '%'), ' AND ')
        INTO fits FROM unnest(words) AS word;
        fits := 'SELECT p.id, p.family_name, p.given_name FROM people_youngperson p WHERE ' || fits;
    END IF;
    -- Told of the order and the limit, the planner walks through everybody by name: it takes
    -- those who fit to be spread evenly, and who share a family name stand together.
    IF are_few THEN
        -- From the lists or from the names, whichever costs less.
        asked := 'WITH p AS MATERIALIZED (' || fits || ' AND EXISTS (' || listed || '))
            SELECT p.id FROM p';
    ELSIF indexed > 0 THEN
        -- All who fit in order, and of them so many on the lists as are wanted.
        asked := 'WITH fits AS MATERIALIZED (' || fits || ')
            SELECT p.id FROM (SELECT * FROM fits ORDER BY family_name, given_name, id) AS p
            CROSS JOIN LATERAL (' || listed || ' LIMIT 1) AS one';
    ELSE
        -- Two letters fit many, everywhere.
        asked := 'SELECT p.id FROM (' || fits || ') AS p WHERE EXISTS (' || listed || ')';
    END IF;
    RETURN QUERY EXECUTE
        asked || ' ORDER BY p.family_name, p.given_name, p.id LIMIT $3 OFFSET $4'
        USING of, at, most, beyond, spelled, reference, leads;
END
$$;
"""

_WALL = """
CREATE OR REPLACE FUNCTION wall_principals() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN wall_agency() IS NOT NULL THEN ARRAY[
    wall_agency(), reach_principal(wall_agency(), 'managers'),
    reach_principal(wall_agency(), 'everyone'), reach_principal(wall_agency(), 'duty'),
    reach_principal(wall_agency(), current_setting('app.user', true))] END;
"""

FOLLOWED = ("sharing_involvement", "sharing_leadagency", "sharing_restriction")
"""The tables from which the projection follows."""
NEEDED = {"sharing_reach", "people_youngperson", "people_spelling", *FOLLOWED}

DEFINED = (
    "reach_refresh(uuid[])",
    "reach_follow()",
    "reach_rebuild()",
    "reach_clear(timestamptz, integer)",
    "reach_named(text[], uuid[], timestamptz, integer, integer)",
)
"""Functions that write the table or read past the wall: whoever calls them may do neither."""


def _rows() -> str:
    """The SQL of the function that says what the projection holds."""
    agreed = [basis for basis, opening in OPENINGS.items() if opening.needs_agreement]
    managed = [basis for basis in bases.NO_CARD if OPENINGS[basis].to_managers]
    # No principal but the agency itself has anything of it.
    carded = f"o.principal = o.agency_id AND o.basis NOT IN ({_listed(bases.NO_CARD)})"
    # Names of ours alone are put in.
    follows = partial(
        _FOLLOWS.format,
        agreed=_listed(agreed),
        known=_listed(Basis),
        no_card=_listed(bases.NO_CARD),
        managed=_listed(managed),
        whole=_listed(basis for basis, one in OPENINGS.items() if one.to_whole_agency),
        duty=_listed(basis for basis, one in OPENINGS.items() if one.to_duty),
        nil=NIL,
        told=_TOLD,
        sure=f"o.sure_from IS NOT NULL AND {carded}",
        agreeable=f"o.agreed_from IS NOT NULL AND {carded}",
        longest="ORDER BY o.ends DESC, o.categories DESC, o.agreed_from",
    )
    among = {f"{table}_among": f"{table}.person_id = ANY (people)" for table in "lri"}
    return _ROWS.format(everybody=follows(**dict.fromkeys(among, "true")), some=follows(**among))


def functions() -> str:
    """The SQL of the functions that write and read the projection."""
    return (
        _rows()
        + _WRITES.format(
            everybody=_REPLACES.format(old_among="true"),
            some=_REPLACES.format(old_among="old.person_id = ANY (people)"),
        )
        + _WALL
        + _FINDS.replace("{nil}", str(NIL)).replace("{reference}", _REFERENCES_BEGIN)
    )


def _triggers() -> Iterator[str]:
    for table in FOLLOWED:
        for event in ("INSERT", "UPDATE"):
            yield (
                f"CREATE OR REPLACE TRIGGER reach_{event.lower()} AFTER {event} ON {table}"
                " REFERENCING NEW TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION reach_follow()"
            )


def install(using: str = "default", **_: Any) -> None:
    """Write functions, triggers and policy; fill the table if what it means has changed.

    Called after migrations, as the owner, once the wall stands.
    """
    database = connections[using]
    if database.vendor != "postgresql":
        return
    if not set(database.introspection.table_names()) >= NEEDED:
        return
    sql = [functions(), *_triggers()]
    meaning = f"reach {_digest(_rows())}"
    mark = f"{meaning}, {_digest(repr(sql))}"
    with database.cursor() as cursor:
        cursor.execute("SELECT obj_description('sharing_reach'::regclass, 'pg_class')")
        stands = cursor.fetchone()[0] or ""
        if stands == mark:
            return
        # Triggers of a bulk load wait in the same transaction: none may be under way here.
        for statement in sql:
            cursor.execute(statement)
        cursor.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON sharing_reach TO tl_definer")
        cursor.execute("GRANT SELECT ON people_youngperson, sharing_restriction TO tl_definer")
        cursor.execute("REVOKE INSERT, UPDATE, DELETE ON sharing_reach FROM tl_app")
        for name in DEFINED:
            cursor.execute(f"ALTER FUNCTION {name} OWNER TO tl_definer")
        cursor.execute("REVOKE EXECUTE ON FUNCTION reach_rebuild() FROM PUBLIC, tl_app")
        cursor.execute("REVOKE EXECUTE ON FUNCTION reach_refresh(uuid[]) FROM PUBLIC, tl_app")
        cursor.execute("GRANT EXECUTE ON FUNCTION reach_rebuild() TO tl_owner")
        cursor.execute("ALTER TABLE sharing_reach ENABLE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE sharing_reach FORCE ROW LEVEL SECURITY")
        cursor.execute("DROP POLICY IF EXISTS reach_opens ON sharing_reach")
        cursor.execute(
            "CREATE POLICY reach_opens ON sharing_reach FOR SELECT USING"
            " ((SELECT wall_free()) OR principal = ANY ((SELECT wall_principals())::uuid[]))"
        )
        if not stands.startswith(meaning):
            # Minutes, with many people: not for a function that says the same in other words.
            cursor.execute("SELECT reach_rebuild()")
        cursor.execute(f"COMMENT ON TABLE sharing_reach IS '{mark}'")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _listed(some: Any) -> str:
    return ", ".join(f"'{basis.value}'" for basis in sorted(some))
