"""The rule in SQL: who is seen, what of each, and what of it may be written.

The same rule as `access.rule.decide`, so that lists, counts and searches are cut in the
database. One text, asked in two ways: as a query that names the actor's facts as parameters,
and as a function of the database that judges the candidates of a page. It starts from the
involvements of the actor's agency, which an index finds; the small sets (agreements, what the
role may see) are worked out beforehand.
`tests/access` proves both equal to `decide` on generated worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections

from access import bases, rule
from access.actor import Actor, ActorRequired, Member
from access.bases import OPENINGS, Basis, Opening
from access.categories import EVERY, Category, to_bits
from access.facts import ActorFacts
from access.roles import MAY_EVER_SEE, WORKERS, Role
from agencies.queries import actor_facts
from core.clock import instant
from sharing import facts, wall

POINTER = to_bits([Category.POINTER])
SAFE_ADDRESS = to_bits([Category.SAFE_ADDRESS])

_NOBODY = "SELECT NULL::uuid AS person_id, 0 AS visible WHERE false"

_DECIDED = """
WITH {facts}involved AS MATERIALIZED (
    SELECT i.person_id, i.basis, lead.agency_id AS lead_id,
           i.worker_id IS NOT DISTINCT FROM {asker} AS named,
           i.worker_id IS NULL AS unnamed,
           lead.agency_id IS NOT DISTINCT FROM i.agency_id AS leads,
           {restricted} AS restricted,
           CASE
               WHEN i.basis = 'break_glass' THEN i.categories & {BREAK_GLASS}
               WHEN lead.agency_id IS NOT DISTINCT FROM i.agency_id THEN i.categories
               WHEN i.basis = 'record' THEN 0
               WHEN i.basis NOT IN ({AGREED}) OR i.one_off THEN i.categories
               WHEN i.basis IN ({GRACED})
               THEN i.categories & (
                   coalesce(({agreed}::int[])[partner.place], 0)
                   | coalesce(({graced}::int[])[partner.place], 0))
               ELSE i.categories & coalesce(({agreed}::int[])[partner.place], 0)
           END & {EVERY} AS categories
    FROM sharing_involvement i
    LEFT JOIN {led}
    CROSS JOIN LATERAL (SELECT array_position({partners}::uuid[], lead.agency_id) OFFSET 0)
        AS partner (place)
    WHERE i.agency_id = {agency} AND i.starts <= {at} AND (i.ends IS NULL OR i.ends > {at})
      AND i.basis IN ({KNOWN})
      AND NOT {barred}
      {people}
),
effective AS (
    SELECT *,
           (basis = 'audit_sample') = {audits} AND (
               named
               OR NOT restricted AND (
                   {manages} AND basis IN ({MANAGED}) OR unnamed AND basis IN ({WHOLE})
                   OR {on_duty} AND basis IN ({DUTIES})
               )
           ) AS opens
    FROM involved WHERE categories <> 0
),
person AS (
    SELECT person_id, (array_agg(lead_id))[1] AS lead_id,
           coalesce(bit_or(categories) FILTER (WHERE opens), 0) AS opened,
           {works} AND {on_duty} AND bool_and(leads AND NOT restricted) AND bool_or(basis = 'lead')
               AS duty,
           {stepped_up} AND bool_or(
               named AND basis IN ({HOMES}) AND categories & {SAFE_ADDRESS} <> 0) AS safe_address,
           {works} AND bool_and(NOT restricted) AND bool_or(basis NOT IN ({NO_CARD})) AS card,
           {manages} AND bool_and(leads) AND bool_or(basis IN ({MANAGED_WRITE})) AS manages,
           coalesce(bit_or(categories) FILTER (
               WHERE named AND basis IN ({NAMED_WRITE})
                  OR {on_duty} AND basis = 'intake' AND NOT restricted), 0)
           | (coalesce(bit_or(categories) FILTER (WHERE opens AND basis IN ({TASKING_WRITE})), 0)
              & {TASKS})
           | {SAFE_ADDRESS} AS writes
    FROM effective GROUP BY person_id
),
cut AS (
    SELECT person_id, lead_id, card, manages,
           writes | CASE WHEN duty THEN {SAFETY} ELSE 0 END AS writes,
           (opened | CASE WHEN duty THEN {DUTY} ELSE 0 END) & {allowed}
               & CASE WHEN safe_address THEN {EVERY} ELSE {ORDINARY} END AS visible
    FROM person
),
shown AS (
    SELECT person_id, lead_id, visible | {POINTER} AS visible, manages, writes
    FROM cut WHERE visible <> 0 OR card
)
SELECT person_id, visible, lead_id,
       CASE WHEN NOT {works} THEN 0 WHEN manages THEN visible ELSE visible & writes END AS writable
FROM shown
"""
"""In capitals what the rule itself says; in small letters the facts about who asks."""

_LED = """LATERAL (
        SELECT agency_id FROM sharing_leadagency l
        WHERE l.person_id = i.person_id AND l.starts <= {at} AND (l.ends IS NULL OR l.ends > {at})
    ) AS lead ON true"""
_RESTRICTED = """EXISTS (
               SELECT FROM sharing_restriction r
               WHERE r.person_id = i.person_id AND r.starts <= {at}
                 AND (r.ends IS NULL OR r.ends > {at})
           )"""
_BARRED = """EXISTS (
          SELECT FROM sharing_bar b
          WHERE b.user_id = {asker} AND b.person_id = i.person_id AND b.starts <= {at}
            AND (b.ends IS NULL OR b.ends > {at})
      )"""
"""Where few are asked about, each has these to themselves."""

_FACTS = """covered AS MATERIALIZED (SELECT * FROM wall_covered(agency, moment)),
led AS MATERIALIZED (
    SELECT l.person_id, l.agency_id FROM sharing_leadagency l
    WHERE l.person_id = ANY (people) AND l.starts <= moment AND (l.ends IS NULL OR l.ends > moment)
),
"""
_ALL_LED = """LATERAL (
        SELECT (SELECT array_agg(agency_id) FROM led)[
                   array_position((SELECT array_agg(person_id) FROM led), i.person_id)
               ] AS agency_id OFFSET 0
    ) AS lead ON true"""
_ALL_RESTRICTED = """i.person_id = ANY (ARRAY(
               SELECT r.person_id FROM sharing_restriction r
               WHERE r.person_id = ANY (people) AND r.starts <= moment
                 AND (r.ends IS NULL OR r.ends > moment)))"""
_ALL_BARRED = """i.person_id = ANY (ARRAY(
          SELECT b.person_id FROM sharing_bar b
          WHERE b.user_id = asker AND b.starts <= moment
            AND (b.ends IS NULL OR b.ends > moment)))"""
"""Where many are asked about, they are read once for all: parts of the one statement, since each
statement of a function costs to begin."""

_FUNCTION = """
-- What the rule shows of these people to one member, in their order; who is hidden is left out.
CREATE OR REPLACE FUNCTION wall_decided(
    people uuid[], agency uuid, asker uuid, moment timestamptz, role text, on_duty boolean,
    stepped_up boolean, allowed integer,
    OUT seen uuid[], OUT bits integer[], OUT writes integer[], OUT leads uuid[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    works boolean := role IN ({workers});
BEGIN
    -- Of nobody else, and as of no other moment, than the wall has been told.
    IF NOT wall_free() AND (
        agency IS DISTINCT FROM wall_agency() OR moment IS DISTINCT FROM wall_at()
        OR asker::text IS DISTINCT FROM current_setting('app.user', true)
    ) OR cardinality(people) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(shown.person_id), array_agg(shown.visible), array_agg(shown.writable),
           array_agg(shown.lead_id)
    INTO seen, bits, writes, leads
    FROM (
        SELECT * FROM ({decided}) AS decided ORDER BY array_position(people, decided.person_id)
    ) AS shown;
END
$$;
"""

DEFINED = "wall_decided(uuid[], uuid, uuid, timestamptz, text, boolean, boolean, integer)"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so of an actor whomever they look at: worked out once a statement."""

    member: ActorFacts
    role: Role
    allowed: frozenset[Category]
    """What the role, and for a seconded actor the agreement with home, may ever show."""

    @property
    def stepped_up(self) -> bool:
        """Whether they have re-authenticated in the last minutes."""
        return rule.is_stepped_up(self.member.stepped_up_at, instant())


def standing(actor: Member) -> Standing | None:
    """None for somebody to whom a forbid of their own shows nobody at all."""
    at = instant()
    member = actor_facts(actor)
    role = member.role
    if (
        role is None
        or not member.user_active
        or not member.agency_active
        or not rule.is_live(at, member.starts, member.ends)
    ):
        return None
    allowed = MAY_EVER_SEE[role]
    if member.home_agency is not None and member.home_agency != member.agency:
        both = [
            agreement
            for agreement in facts.agreement_facts(actor.agency_id)
            if {member.agency, member.home_agency} <= agreement.parties
            and not agreement.suspended
            and rule.is_live(at, agreement.starts, agreement.ends)
        ]
        if not both:
            return None
        allowed &= {Category.POINTER}.union(*(agreement.categories for agreement in both))
    return Standing(member, role, allowed)


class _Parameters(dict[str, Any]):
    """Facts by name, put into the text as placeholders: each as often as it is named."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(_RULE)
        self.told = told
        self.taken: list[Any] = []

    def __missing__(self, name: str) -> str:
        self.taken.append(self.told[name])
        return "%s"


def visible_sql(
    actor: Actor, people: Iterable[UUID] | None = None, *, column: str = ""
) -> tuple[str, list[Any]]:
    """SQL and parameters of (person_id, visible categories as bits, …) for this actor.

    `people` narrows it to some people, `column` to the one whose key stands in that column
    of the query around it. Only a Member sees anybody; the other kinds of actor read
    nothing this way.
    """
    if actor is None:
        raise ActorRequired("Nobody asks.")
    if not isinstance(actor, Member):
        return _NOBODY, []
    stands = standing(actor)
    if stands is None:
        return _NOBODY, []
    member, agreements = stands.member, facts.agreement_facts(actor.agency_id)
    by_partner = sorted(facts.coverage(member, agreements, instant()).items())
    told = {
        "partners": [UUID(partner) for partner, _ in by_partner],
        "agreed": [to_bits(cover.agreed) for _, cover in by_partner],
        "graced": [to_bits(cover.graced) for _, cover in by_partner],
        "asker": actor.user_id,
        "agency": actor.agency_id,
        "at": instant(),
        "allowed": to_bits(stands.allowed),
        "works": stands.role in WORKERS,
        "manages": stands.role is Role.MANAGER,
        "audits": stands.role is Role.AUDITOR,
        "on_duty": member.on_duty,
        "stepped_up": stands.stepped_up,
    }
    narrowed = f"AND i.person_id = {column}" if column else ""
    if people is not None:
        told["wanted"] = list(people)
        narrowed += " AND i.person_id = ANY ({wanted})"
    text = _DECIDED
    for name, sql in (
        ("facts", ""),
        ("led", _LED),
        ("restricted", _RESTRICTED),
        ("barred", _BARRED),
        ("people", narrowed),
    ):
        text = text.replace(f"{{{name}}}", sql)
    parameters = _Parameters(told)
    return text.format_map(parameters), parameters.taken


def function() -> str:
    """The SQL of the function that judges candidates."""
    # Names and numbers of ours alone are put in.
    return _FUNCTION.format(
        workers=_listed(WORKERS),
        decided=_DECIDED.format(
            **_RULE,
            facts=_FACTS,
            partners="(SELECT others FROM covered)",
            agreed="(SELECT carried FROM covered)",
            graced="(SELECT kept FROM covered)",
            led=_ALL_LED,
            restricted=_ALL_RESTRICTED,
            barred=_ALL_BARRED,
            asker="asker",
            agency="agency",
            at="moment",
            allowed="allowed",
            works="works",
            manages="(role = 'manager')",
            audits="(role = 'auditor')",
            on_duty="on_duty",
            stepped_up="stepped_up",
            people="AND i.person_id = ANY (people)",
        ),
    )


def install(using: str = "default", **_: Any) -> None:
    """Write the function that judges candidates. Called after migrations, as the owner."""
    database = connections[using]
    if database.vendor != "postgresql":
        return
    if not {"sharing_restriction", *wall.FACTS} <= set(database.introspection.table_names()):
        return
    with database.cursor() as cursor:
        cursor.execute(function())
        cursor.execute(f"ALTER FUNCTION {DEFINED} OWNER TO {wall.DEFINER}")


def _listed(some: Iterable[Any]) -> str:
    return ", ".join(f"'{one.value}'" for one in sorted(some))


def _which(condition: Callable[[Opening], bool]) -> str:
    return _listed(basis for basis, opening in OPENINGS.items() if condition(opening))


_RULE = {
    "KNOWN": _listed(Basis),
    "AGREED": _which(lambda opening: opening.needs_agreement),
    "MANAGED": _which(lambda opening: opening.to_managers),
    "WHOLE": _which(lambda opening: opening.to_whole_agency),
    "DUTIES": _which(lambda opening: opening.to_duty),
    "GRACED": _listed(bases.GRACE),
    "HOMES": _listed(bases.SAFE_ADDRESS),
    "NO_CARD": _listed(bases.NO_CARD),
    "NAMED_WRITE": _listed(bases.NAMED_WRITE),
    "MANAGED_WRITE": _listed(bases.MANAGED_WRITE),
    "TASKING_WRITE": _listed(bases.TASKING_WRITE),
    "BREAK_GLASS": str(to_bits(rule.BREAK_GLASS)),
    "DUTY": str(to_bits(rule.DUTY)),
    "TASKS": str(to_bits([Category.TASKING, Category.ENFORCEMENT])),
    "SAFETY": str(to_bits([Category.SAFETY])),
    "SAFE_ADDRESS": str(SAFE_ADDRESS),
    "POINTER": str(POINTER),
    "EVERY": str(to_bits(EVERY)),
    "ORDINARY": str(to_bits(EVERY - {Category.SAFE_ADDRESS})),
}
"""What the text says in capitals: the tables of the access design."""
