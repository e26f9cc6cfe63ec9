"""Row-level security: the coarse form of the rule, in the database, on every personal table.

A member's transaction reads and writes rows only of people with whom their agency has an
effective involvement, and never of somebody from whom they are barred. A transaction that
has not said who acts reads nothing. Jobs and commands, and the functions that
`access.wall` names, pass.

The policies are written anew after every migration, from the models themselves: a new
personal table can't be forgotten. They are the owner's to write; the application can't.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from access import bases, rule
from access.bases import OPENINGS, Basis
from access.categories import Category, to_bits
from access.models import GuardedManager

DEFINER = "tl_definer"
"""Owns the functions below: it reads the facts, and nobody signs in as it."""

FACTS = (
    "sharing_involvement",
    "sharing_leadagency",
    "sharing_bar",
    "sharing_agreement",
    "sharing_agreementparty",
    "sharing_agreementsuspension",
)

_LIVE = (
    "agency_id = (SELECT wall_agency()) AND starts <= (SELECT wall_at())"
    " AND (ends IS NULL OR ends > (SELECT wall_at()))"
)
_AUDITED = "(SELECT wall_audits()) AND wall_audited({column})"
_USER = "nullif(current_setting('app.user', true), '')::uuid"
_MINE = f"user_id = {_USER}"
_MY_OWN = "membership_id = nullif(current_setting('app.membership', true), '')::uuid"
_SURE = "basis IN ({sure}) AND categories <> 0"
"""Involvements that are effective whatever is agreed: no probe for each."""

OTHERWISE: dict[str, tuple[str, ...]] = {
    # The scope starts from the live facts of the actor's own agency.
    "sharing_involvement": (f"{_LIVE} AND {_SURE}",),
    "sharing_leadagency": (_LIVE,),
    # Who leads at the actor's own agency now is there by an involvement of it.
    "casework_leadperiod": (_LIVE,),
    "audit_event": ("person_id IS NULL", _MINE, _AUDITED),
    "audit_accessrecord": (_MINE, _AUDITED),
    "audit_statedpurpose": (_AUDITED,),
    "agencies_draft": (_MY_OWN,),
}
"""What opens rows of a table besides an effective involvement: SQL, tried in this order."""

BESIDES: dict[str, str] = {
    "audit_event": "person_id",
    "audit_accessrecord": "person_id",
    "audit_statedpurpose": "person_id",
    "agencies_draft": "person_id",
}
"""Walled tables whose models are not about one person by their base class: the column."""

OWN_ONLY = frozenset({"agencies_draft"})
"""What was typed and not saved is for nobody but who typed it."""

APPENDED = frozenset({"audit_event", "audit_accessrecord", "audit_statedpurpose"})
"""What anybody may add to, whomever it is about: a refusal is recorded too."""

_FREE = """
-- Written so that the planner puts them in place: they are asked about every row.
CREATE OR REPLACE FUNCTION wall_free() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.kind', true) IN ('system', 'operator'), false)
    OR coalesce(current_setting('app.through', true), '') <> '';

CREATE OR REPLACE FUNCTION wall_agency() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN current_setting('app.kind', true) = 'member'
    THEN nullif(current_setting('app.agency', true), '')::uuid END;

CREATE OR REPLACE FUNCTION wall_at() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.at', true), '')::timestamptz;

-- For whom it is known already that the wall is open: see sharing.gathered.
CREATE OR REPLACE FUNCTION wall_opened() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN current_setting('app.kind', true) = 'member'
    THEN nullif(current_setting('app.opened', true), '')::uuid[] END;
"""

_BARRED = """
CREATE OR REPLACE FUNCTION wall_barred() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    mine uuid := nullif(current_setting('app.user', true), '')::uuid;
    moment timestamptz := wall_at();
BEGIN
    IF wall_free() THEN
        RETURN '{{}}';
    END IF;
    RETURN coalesce(
        (SELECT array_agg(person_id) FROM sharing_bar
         WHERE user_id = mine AND starts <= moment AND (ends IS NULL OR ends > moment)),
        '{{}}');
END
$$;
"""

_CARRIED = """
           bit_or(CASE
               WHEN i.basis = 'break_glass' THEN i.categories & {break_glass}
               WHEN leads = mine THEN i.categories
               WHEN i.basis = 'record' THEN 0
               WHEN i.basis NOT IN ({agreed}) OR i.one_off THEN i.categories
               ELSE 0 END),
           bit_or(CASE WHEN i.basis IN ({agreed}) AND NOT i.one_off THEN i.categories END),
           bit_or(CASE WHEN i.basis IN ({graced}) THEN i.categories END)
"""
"""What involvements carry whatever is agreed, what with an agreement, and what in its grace."""

_OPENS = """
CREATE OR REPLACE FUNCTION wall_opens(person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 500 SET search_path = pg_catalog, public AS $$
DECLARE
    mine uuid;
    moment timestamptz := nullif(current_setting('app.at', true), '')::timestamptz;
    leads uuid;
    free integer;
    agreed integer;
    graced integer;
BEGIN
    IF current_setting('app.kind', true) = 'member' THEN
        mine := nullif(current_setting('app.agency', true), '')::uuid;
    END IF;
    IF mine IS NULL OR moment IS NULL THEN
        RETURN false;
    END IF;
    SELECT agency_id INTO leads FROM sharing_leadagency
    WHERE person_id = person AND starts <= moment AND (ends IS NULL OR ends > moment);
    SELECT {carried}
    INTO free, agreed, graced
    FROM sharing_involvement i
    WHERE i.person_id = person AND i.agency_id = mine
      AND i.starts <= moment AND (i.ends IS NULL OR i.ends > moment)
      AND i.basis IN ({bases});
    IF coalesce(free, 0) <> 0 THEN
        RETURN true;
    END IF;
    -- Only what needs an agreement is left, if anything: agreements are asked once.
    RETURN leads <> mine AND coalesce(agreed, 0) <> 0
        AND wall_agreed(mine, leads, agreed, coalesce(graced, 0), moment);
END
$$;

-- The same of many at once: those of them for whom it is open.
DROP FUNCTION IF EXISTS wall_opens_among(uuid[], text[]);
CREATE OR REPLACE FUNCTION wall_opens_among(people uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    mine uuid := wall_agency();
    moment timestamptz := wall_at();
    others uuid[];
    carried integer[];
    kept integer[];
BEGIN
    IF mine IS NULL OR moment IS NULL THEN
        RETURN '{{}}';
    END IF;
    SELECT * INTO others, carried, kept FROM wall_covered(mine, moment);
    RETURN ARRAY(
        SELECT DISTINCT i.person_id
        FROM sharing_involvement i
        LEFT JOIN sharing_leadagency l
            ON l.person_id = i.person_id
            AND l.starts <= moment AND (l.ends IS NULL OR l.ends > moment)
        WHERE i.person_id = ANY (people) AND i.agency_id = mine
          AND i.starts <= moment AND (i.ends IS NULL OR i.ends > moment)
          AND i.basis IN ({bases}) AND {effective});
END
$$;
"""

_COVERED = """
-- The agencies that have agreements with this one: what of its involvements with people of
-- theirs these carry, and what in their grace.
CREATE OR REPLACE FUNCTION wall_covered(
    mine uuid, moment timestamptz, OUT others uuid[], OUT carried integer[], OUT kept integer[]
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    -- What was found is kept for the transaction: a page asks it of one agency several times.
    asked text := mine || '|' || moment || '|';
    known text := current_setting('app.covered', true);
BEGIN
    IF starts_with(known, asked) THEN
        others := nullif(split_part(known, '|', 3), '');
        carried := nullif(split_part(known, '|', 4), '');
        kept := nullif(split_part(known, '|', 5), '');
        RETURN;
    END IF;
    SELECT array_agg(each.other), array_agg(each.carried), array_agg(each.kept)
    INTO others, carried, kept
    FROM (
        SELECT two.agency_id AS other,
               bit_or(CASE WHEN a.ends IS NULL OR a.ends > moment
                           THEN a.categories ELSE 0 END) AS carried,
               bit_or(CASE WHEN a.ends <= moment
                                AND greatest(a.starts, a.confirmed_at) < a.ends
                           THEN a.categories & {kept} ELSE 0 END) AS kept
        FROM sharing_agreementparty one
        -- Looked up for each of its own: the agreements of everybody would be read through.
        CROSS JOIN LATERAL (
            SELECT * FROM sharing_agreement a
            WHERE a.id = one.agreement_id AND a.confirmed_at <= moment AND a.starts <= moment
              AND (a.ends IS NULL OR moment - a.ends < interval '{grace} hours')
              AND NOT EXISTS (
                  SELECT FROM sharing_agreementsuspension s
                  WHERE s.agreement_id = a.id AND s.starts <= moment
                    AND (s.ends IS NULL OR s.ends > moment))
            OFFSET 0
        ) AS a
        JOIN sharing_agreementparty two ON two.agreement_id = a.id
        WHERE one.agency_id = mine
        GROUP BY two.agency_id
    ) AS each;
    IF mine = wall_agency() AND moment = wall_at() THEN
        PERFORM set_config(
            'app.covered', concat(asked, others, '|', carried, '|', kept), true);
    END IF;
END
$$;
"""

_EFFECTIVE = """CASE
        WHEN i.basis = 'break_glass' THEN i.categories & {break_glass} <> 0
        WHEN i.basis NOT IN ({agreed}, 'record') OR i.one_off THEN i.categories <> 0
        WHEN {leads} = mine THEN i.categories <> 0
        WHEN i.basis = 'record' THEN false
        ELSE i.categories & carried[array_position(others, {leads})] <> 0
             OR i.basis IN ({graced})
                AND i.categories & kept[array_position(others, {leads})] <> 0
    END"""

_AUDITS = """
CREATE OR REPLACE FUNCTION wall_audits() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.kind', true) = 'member'
    AND current_setting('app.role', true) = 'auditor', false);

CREATE OR REPLACE FUNCTION wall_audited(person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    mine uuid := wall_agency();
    moment timestamptz := wall_at();
BEGIN
    RETURN wall_audits() AND (
        EXISTS (
            SELECT FROM sharing_leadagency
            WHERE person_id = person AND agency_id = mine
              AND starts <= moment AND (ends IS NULL OR ends > moment))
        OR EXISTS (
            SELECT FROM sharing_involvement
            WHERE person_id = person AND agency_id = mine
              AND basis IN ({counted}) AND starts <= moment));
END
$$;
"""

_AUDITABLE = """
-- Everybody at once whom an auditor may review: for the one who asks, and for what passes.
CREATE OR REPLACE FUNCTION wall_auditable(agency uuid, asker uuid, at timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    me uuid := nullif(current_setting('app.user', true), '')::uuid;
    moment timestamptz := CASE WHEN wall_free() THEN at ELSE wall_at() END;
BEGIN
    IF NOT wall_free()
        AND NOT coalesce(wall_audits() AND agency = wall_agency() AND asker = me, false)
    THEN
        RETURN '{{}}';
    END IF;
    RETURN ARRAY(
        SELECT person_id FROM sharing_leadagency
        WHERE agency_id = agency AND starts <= moment AND (ends IS NULL OR ends > moment)
        UNION
        SELECT person_id FROM sharing_involvement
        WHERE agency_id = agency AND basis IN ({counted}) AND starts <= moment
        EXCEPT
        SELECT person_id FROM sharing_bar
        WHERE user_id = asker AND starts <= moment AND (ends IS NULL OR ends > moment));
END
$$;
"""

_AGREED = """
DROP FUNCTION IF EXISTS wall_agreed(uuid, uuid, boolean);
CREATE OR REPLACE FUNCTION wall_agreed(
    mine uuid, other uuid, agreed integer, graced integer, moment timestamptz
) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM sharing_agreement a
        JOIN sharing_agreementparty one ON one.agreement_id = a.id AND one.agency_id = mine
        JOIN sharing_agreementparty two ON two.agreement_id = a.id AND two.agency_id = other
        WHERE a.confirmed_at <= moment AND a.starts <= moment
          AND CASE
              WHEN a.ends IS NULL OR a.ends > moment THEN a.categories & agreed
              WHEN greatest(a.starts, a.confirmed_at) < a.ends
                   AND moment - a.ends < interval '{grace} hours'
              THEN a.categories & {kept} & graced
              ELSE 0 END <> 0
          AND NOT EXISTS (
              SELECT FROM sharing_agreementsuspension s
              WHERE s.agreement_id = a.id AND s.starts <= moment
                AND (s.ends IS NULL OR s.ends > moment)));
END
$$;
"""


def functions() -> str:
    """The SQL of the functions that the policies ask."""
    # Names and numbers of ours alone are put in.
    counted = listed_bases(basis for basis in Basis if basis not in bases.NOT_AUDITABLE)
    return (
        _FREE
        + _BARRED.format()
        + _AUDITS.format(counted=counted)
        + _AUDITABLE.format(counted=counted)
        + _AGREED.format(kept=to_bits([Category.POINTER, Category.SAFETY]), grace=_grace())
        + _COVERED.format(kept=to_bits([Category.POINTER, Category.SAFETY]), grace=_grace())
        + _OPENS.format(
            bases=listed_bases(Basis),
            carried=_with_bases(_CARRIED).strip(),
            effective=effective("l.agency_id"),
        )
    )


def _grace() -> int:
    return int(rule.GRACE.total_seconds() // 3600)


def effective(leads: str) -> str:
    """SQL: whether an involvement `i` of the agency `mine`, live and on a known basis, counts.

    `leads` is SQL of the person's lead agency; `others`, `carried` and `kept` are what
    `wall_covered` gives.
    """
    return _with_bases(_EFFECTIVE, leads=leads)


def _with_bases(sql: str, **more: str) -> str:
    agreed = listed_bases(basis for basis, opening in OPENINGS.items() if opening.needs_agreement)
    return sql.format(
        break_glass=to_bits(rule.BREAK_GLASS),
        agreed=agreed,
        graced=listed_bases(bases.GRACE),
        **more,
    )


def sure() -> str:
    """The bases, as SQL's list, that need no agreement, and no closer look at who leads."""
    return listed_bases(
        basis
        for basis, opening in OPENINGS.items()
        if not opening.needs_agreement and basis not in {Basis.RECORD, Basis.BREAK_GLASS}
    )


def walled() -> Iterator[tuple[str, str]]:
    """Each personal table, with its column that names the person."""
    for model in _guarded():
        yield model._meta.db_table, person_column(model)
    yield from BESIDES.items()


def listed_tables() -> Iterator[tuple[str, str]]:
    """The tables whose rows are listed over all people, and which rows: `PersonalModel.listed`."""
    for model in _guarded():
        if listed := getattr(model, "listed", ""):
            yield model._meta.db_table, listed


def narrowed_tables() -> Iterator[tuple[str, tuple[str, str]]]:
    """Those of them of which lists can be narrowed, and by what: `PersonalModel.narrowed_by`."""
    for model in _guarded():
        if narrowed_by := getattr(model, "narrowed_by", None):
            yield model._meta.db_table, narrowed_by


def _guarded() -> Iterator[type[Model]]:
    for model in apps.get_models():
        if isinstance(getattr(model, "objects", None), GuardedManager) and model._meta.managed:
            yield model


def _ways() -> dict[str, tuple[str, ...]]:
    """By table: what opens its rows besides an effective involvement."""
    found = dict(OTHERWISE)
    for model in _guarded():
        ways = found.get(model._meta.db_table, ())
        if getattr(model, "audited", False):
            ways += (_AUDITED,)
        if owner := getattr(model, "owned_by", ""):
            ways += (f"{owner} = {_USER}",)
        found[model._meta.db_table] = ways
    return found


def person_column(model: type[Model]) -> str:
    """The column of a guarded model that holds the key of the person it tells of."""
    names = {field.name: str(field.column) for field in model._meta.concrete_fields}
    if "person" in names:
        return names["person"]
    # The person's own table, or the history of it.
    return names.get("pgh_obj", "id")


def raise_wall(using: str = "default", **_: Any) -> None:
    """Write the functions and policies of every personal table that there is by now.

    Called after migrations, as the owner. Tables that stand behind the same wall already
    are not touched, so nothing is locked for nothing.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    existing = set(connection.introspection.table_names())
    if not existing.issuperset(FACTS):
        return
    with connection.cursor() as cursor:
        sql = functions()
        cursor.execute(f"GRANT SELECT ON {', '.join(FACTS)} TO {DEFINER}")
        cursor.execute(sql)
        for name in (
            "wall_barred()",
            "wall_audited(uuid)",
            "wall_auditable(uuid, uuid, timestamptz)",
            "wall_agreed(uuid, uuid, integer, integer, timestamptz)",
            "wall_covered(uuid, timestamptz)",
            "wall_opens(uuid)",
            "wall_opens_among(uuid[])",
        ):
            cursor.execute(f"ALTER FUNCTION {name} OWNER TO {DEFINER}")
        # Whoever may ask it directly could try agencies one by one.
        cursor.execute("REVOKE EXECUTE ON FUNCTION wall_agreed, wall_covered FROM PUBLIC, tl_app")
        ways = _ways()
        for table, column in walled():
            if table in existing:
                _wall(cursor, table, column, ways.get(table, ()))


def _wall(cursor: CursorWrapper, table: str, column: str, besides: tuple[str, ...]) -> None:
    ways = ["(SELECT wall_free())", *besides]
    if table not in OWN_ONLY:
        ways.append("wall_opens({column})")
    opens = " OR ".join(f"({way.format(column=column, sure=sure())})" for way in ways)
    opens = f"({column} IS NULL OR {column} <> ALL ((SELECT wall_barred())::uuid[])) AND ({opens})"
    if table not in OWN_ONLY:
        # Looked at first, and mostly alone: nobody is noted from whom the actor is barred.
        opens = f"{column} = ANY ((SELECT wall_opened())::uuid[]) OR {opens}"
    reads = "FOR SELECT" if table in APPENDED else "FOR ALL"
    policies = {"wall_opens": f"{reads} USING ({opens})"}
    if table in APPENDED:
        policies["wall_appends"] = "FOR INSERT WITH CHECK (true)"
        # Words may be erased, by a job or a command; the grants keep everything else.
        policies["wall_erases"] = "FOR DELETE USING ((SELECT wall_free()))"
    mark = "wall " + hashlib.sha256(repr(policies).encode()).hexdigest()[:16]
    cursor.execute(
        "SELECT relrowsecurity AND relforcerowsecurity,"
        " (SELECT array_agg(polname::text ORDER BY polname) FROM pg_policy"
        "  WHERE polrelid = c.oid),"
        " (SELECT obj_description(oid, 'pg_policy') FROM pg_policy"
        "  WHERE polrelid = c.oid AND polname = 'wall_opens')"
        " FROM pg_class c WHERE oid = %s::regclass",
        [table],
    )
    stands, named, marked = cursor.fetchone()
    if (stands, named or [], marked) == (True, sorted(policies), mark):
        return
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    for name in named or []:
        cursor.execute(f"DROP POLICY {name} ON {table}")
    for name, policy in policies.items():
        cursor.execute(f"CREATE POLICY {name} ON {table} {policy}")
    cursor.execute(f"COMMENT ON POLICY wall_opens ON {table} IS '{mark}'")


def listed_bases(some: Iterable[Basis]) -> str:
    """Some bases as a list of SQL."""
    return ", ".join(f"'{basis.value}'" for basis in sorted(some))
