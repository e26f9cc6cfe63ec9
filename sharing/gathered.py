"""The facts about some people in one statement, and what the wall then need not ask again.

Most pages begin by asking what their actor sees of somebody, and why. The database gathers
what that follows from in functions of its own: row by row, each fact would cost a probe of
the wall. They give away facts alone, never content, and only such as bear on the actor's own
agency or on people who are open to it.

While it gathers, the database notes for which of them the wall is open to the transaction
in hand (`app.opened`): the policies look there first. The note holds for one transaction,
one actor and one instant; a statement that changes what it follows from drops it. So it is
with what an agency's agreements cover (`app.covered`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections

from access import rule
from access.bases import Basis
from sharing import wall

MOST_NOTED = 300
"""For so many people the note is kept: beyond, to look through it costs more than to ask."""

_GONE = """
DROP FUNCTION IF EXISTS wall_note(uuid[]);
DROP FUNCTION IF EXISTS world_of(uuid[], uuid, uuid, timestamptz, boolean, boolean);
DROP FUNCTION IF EXISTS world_page(uuid[], uuid, uuid, timestamptz, boolean, boolean, integer,
    uuid, boolean, boolean[], regclass);
"""

_NOTE = """
-- Keeps in mind that the wall is open for these people: with those before, as long as few.
CREATE OR REPLACE FUNCTION wall_keep(sure uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    noted uuid[] := coalesce(wall_opened(), '{{}}');
BEGIN
    IF wall_free() OR cardinality(sure) > {most} OR sure <@ noted THEN
        RETURN;
    END IF;
    IF cardinality(noted) + cardinality(sure) > {most} THEN
        noted := '{{}}';
    END IF;
    PERFORM set_config('app.opened', (noted || sure)::text, true);
END
$$;

-- `sure` are those of them for whom the wall is open; null where that is still to be found out.
CREATE OR REPLACE FUNCTION wall_note(people uuid[], sure uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    barred uuid[];
BEGIN
    IF wall_free() OR wall_agency() IS NULL OR cardinality(people) > {most} THEN
        RETURN;
    END IF;
    barred := wall_barred();
    sure := ARRAY(
        SELECT DISTINCT p
        FROM unnest(coalesce(sure, wall_opens_among(people))) AS p
        WHERE p <> ALL (barred));
    PERFORM wall_keep(sure);
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
"""Functions that read past the wall."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts about some people, as they come from the database: keys and times are text."""

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


NOTHING = Gathered({}, frozenset(), frozenset(), {}, None)
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
        led, leads, restricted, barred, involvements, agreements = _parsed(cursor.fetchone()[0])
    by_person: dict[str, list[Sequence[Any]]] = {}
    for person, *involvement in involvements or ():
        by_person.setdefault(person, []).append(involvement)
    return Gathered(
        dict(zip(led or (), leads or (), strict=True)),
        frozenset(restricted or ()),
        frozenset(barred or ()),
        by_person,
        agreements,
    )


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


def _grace() -> int:
    return int(rule.GRACE.total_seconds() // 3600)


def install(using: str = "default", **_: Any) -> None:
    """Write the functions and the triggers that drop the note.

    Called after migrations, as the owner, once the wall stands.
    """
    database = connections[using]
    if database.vendor != "postgresql":
        return
    needed = {"sharing_restriction", "sharing_bar", *FORGETS}
    existing = set(database.introspection.table_names())
    if not existing >= needed:
        return
    with database.cursor() as cursor:
        cursor.execute(functions())
        cursor.execute("GRANT SELECT ON sharing_restriction TO tl_definer")
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
