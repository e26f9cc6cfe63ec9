"""The rule as a query: whom an actor sees, and which categories of each.

The same rule as `access.rule.decide`, in SQL, so that lists, counts and searches are cut
in the database. The statement starts from the involvements of the actor's agency, which
an index finds, and the small sets (agreements, what the role may see) are worked out
beforehand. `tests/access` proves it equal to `decide` on generated worlds.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.expressions import RawSQL

from access import bases, rule
from access.actor import Actor, ActorRequired, Member
from access.bases import OPENINGS, Basis
from access.categories import EVERY, Category, to_bits
from access.facts import ActorFacts
from access.reading import MOST_NAMED
from access.roles import MAY_EVER_SEE, WORKERS, Role
from access.rule import Answer, decide
from agencies.queries import actor_facts
from core.clock import instant
from sharing import facts, gathered, reach

POINTER = to_bits([Category.POINTER])
SAFE_ADDRESS = to_bits([Category.SAFE_ADDRESS])

_SPARE = 16

_MOST_AT_ONCE = 1_000
"""Candidates asked about at once, where many that were named may not be shown."""

_NOBODY = "SELECT NULL::uuid AS person_id, 0 AS visible WHERE false"

_VISIBLE = """
WITH cover (agency_id, agreed, graced) AS (
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::int[])
),
involved AS (
    SELECT i.person_id, i.basis,
           i.worker_id IS NOT DISTINCT FROM %s AS named,
           i.worker_id IS NULL AS unnamed,
           lead.agency_id IS NOT DISTINCT FROM i.agency_id AS leads,
           EXISTS (
               SELECT FROM sharing_restriction r
               WHERE r.person_id = i.person_id AND r.starts <= %s
                 AND (r.ends IS NULL OR r.ends > %s)
           ) AS restricted,
           CASE
               WHEN i.basis = 'break_glass' THEN i.categories & %s
               WHEN lead.agency_id IS NOT DISTINCT FROM i.agency_id THEN i.categories
               WHEN i.basis = 'record' THEN 0
               WHEN i.basis <> ALL (%s) OR i.one_off THEN i.categories
               WHEN i.basis = ANY (%s)
               THEN i.categories & (coalesce(cover.agreed, 0) | coalesce(cover.graced, 0))
               ELSE i.categories & coalesce(cover.agreed, 0)
           END AS categories
    FROM sharing_involvement i
    LEFT JOIN sharing_leadagency lead
        ON lead.person_id = i.person_id AND lead.starts <= %s
        AND (lead.ends IS NULL OR lead.ends > %s)
    LEFT JOIN cover ON cover.agency_id = lead.agency_id
    WHERE i.agency_id = %s AND i.starts <= %s AND (i.ends IS NULL OR i.ends > %s)
      AND i.basis = ANY (%s)
      AND NOT EXISTS (
          SELECT FROM sharing_bar b
          WHERE b.user_id = %s AND b.person_id = i.person_id AND b.starts <= %s
            AND (b.ends IS NULL OR b.ends > %s)
      )
      {people}
),
effective AS (
    SELECT *,
           (basis = 'audit_sample') = %s AND (
               named
               OR NOT restricted AND (
                   basis = ANY (%s) OR unnamed AND basis = ANY (%s) OR basis = ANY (%s)
               )
           ) AS opens
    FROM involved WHERE categories <> 0
),
person AS (
    SELECT person_id,
           coalesce(bit_or(categories) FILTER (WHERE opens), 0)
               | CASE WHEN %s AND bool_and(leads AND NOT restricted) AND bool_or(basis = 'lead')
                      THEN %s ELSE 0 END AS opened,
           %s AND bool_or(named AND basis = ANY (%s) AND categories & %s <> 0) AS safe_address,
           %s AND bool_and(NOT restricted) AND bool_or(basis <> ALL (%s)) AS card
    FROM effective GROUP BY person_id
),
cut AS (
    SELECT person_id, card,
           opened & %s & CASE WHEN safe_address THEN %s ELSE %s END AS visible
    FROM person
)
SELECT person_id, CASE WHEN visible <> 0 OR card THEN visible | %s ELSE 0 END AS visible
FROM cut WHERE visible <> 0 OR card
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so of an actor whomever they look at: worked out once a statement."""

    member: ActorFacts
    role: Role
    covers: Mapping[str, facts.Coverage]
    """By lead agency: what agreements with the actor's agency let through."""
    allowed: frozenset[Category]
    """What the role, and for a seconded actor the agreement with home, may ever show."""


def _standing(actor: Member) -> Standing | None:
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
    agreements = facts.agreement_facts(actor.agency_id)
    allowed = MAY_EVER_SEE[role]
    if member.home_agency is not None and member.home_agency != member.agency:
        both = [
            agreement
            for agreement in agreements
            if {member.agency, member.home_agency} <= agreement.parties
            and not agreement.suspended
            and rule.is_live(at, agreement.starts, agreement.ends)
        ]
        if not both:
            return None
        allowed &= {Category.POINTER}.union(*(agreement.categories for agreement in both))
    return Standing(member, role, facts.coverage(member, agreements, at), allowed)


def visible_sql(
    actor: Actor, people: Iterable[UUID] | None = None, *, column: str = ""
) -> tuple[str, list[Any]]:
    """SQL and parameters of (person_id, visible categories as bits) for this actor.

    `people` narrows it to some people, `column` to the one whose key stands in that column
    of the query around it. Only a Member sees anybody; the other kinds of actor read
    nothing this way.
    """
    if actor is None:
        raise ActorRequired("Nobody asks.")
    if not isinstance(actor, Member):
        return _NOBODY, []
    standing = _standing(actor)
    if standing is None:
        return _NOBODY, []
    at, member, role = instant(), standing.member, standing.role
    covers, allowed = standing.covers, standing.allowed
    works = role in WORKERS
    wanted = list(people) if people is not None else None
    by_partner = sorted(covers.items())
    parameters: list[Any] = [
        [UUID(partner) for partner, _ in by_partner],
        [to_bits(cover.agreed) for _, cover in by_partner],
        [to_bits(cover.graced) for _, cover in by_partner],
        actor.user_id,
        *(at, at),
        to_bits(rule.BREAK_GLASS),
        _which(lambda opening: opening.needs_agreement),
        _names(bases.GRACE),
        *(at, at),
        actor.agency_id,
        *(at, at),
        _names(Basis),
        actor.user_id,
        *(at, at),
        *([wanted] if wanted is not None else []),
        role is Role.AUDITOR,
        _which(lambda opening: opening.to_managers) if role is Role.MANAGER else [],
        _which(lambda opening: opening.to_whole_agency),
        _which(lambda opening: opening.to_duty) if member.on_duty else [],
        works and member.on_duty,
        to_bits(rule.DUTY),
        rule.is_stepped_up(member.stepped_up_at, at),
        _names(bases.SAFE_ADDRESS),
        SAFE_ADDRESS,
        works,
        _names(bases.NO_CARD),
        to_bits(allowed),
        *(to_bits(EVERY), to_bits(EVERY - {Category.SAFE_ADDRESS})),
        POINTER,
    ]
    narrowed = "AND i.person_id = ANY (%s)" if wanted is not None else ""
    if column:
        narrowed += f" AND i.person_id = {column}"
    return _VISIBLE.format(people=narrowed), parameters


class Sees(models.Func):
    """Whether the actor sees anything of the person whose key an expression gives."""

    output_field = models.BooleanField()

    def __init__(self, actor: Actor, person: Any) -> None:
        super().__init__(person)
        self.actor = actor

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        """The rule's statement, narrowed to the row in hand: a probe of some indexes."""
        column, none = compiler.compile(self.get_source_expressions()[0])
        assert not none, "the key of a person stands in a column"
        return self.probe(column)

    def probe(self, column: str, condition: str = "true") -> tuple[str, list[Any]]:
        """SQL of a boolean: the person in this column is seen, and the condition holds."""
        sql, parameters = visible_sql(self.actor, column=column)
        # No outside text is in it: names of ours, and parameters.
        return (
            f"coalesce((SELECT {condition} FROM ({sql}) AS seen LIMIT 1), false)",  # nosec B608
            parameters,
        )


class SeesSome(Sees):
    """Whether the actor sees at least one category of a row, whose key an expression gives."""

    def __init__(self, actor: Actor, key: Any, table: str, person: str, categories: str) -> None:
        super().__init__(actor, key)
        self.table, self.person, self.categories = table, person, categories

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        """The row again, under the name by which its categories are asked for."""
        key, none = compiler.compile(self.get_source_expressions()[0])
        assert not none, "the key of a row stands in a column"
        probe, parameters = self.probe(
            f"record.{self.person}", f"({self.categories}) & seen.visible <> 0"
        )
        # No outside text is in it: names of ours, and parameters.
        return (
            f"EXISTS (SELECT FROM {self.table} AS record"  # nosec B608
            f" WHERE record.id = {key} AND {probe})",
            parameters,
        )


class SharingScope:
    """The scope that `access.scope` hands out."""

    def sees(self, actor: Actor, lookup: str, *, listing: bool = False) -> models.Q:
        """The condition that the actor sees anything of the person whom `lookup` names.

        The rule is asked about each row that is left by whatever else narrows the query.
        Where that is nothing (`listing`), it begins with those whom the projection names.
        """
        if not self._sees_anybody(actor):
            return models.Q(pk__in=[])
        seen = models.Q(Sees(actor, lookup))
        return self._reached(actor, lookup) & seen if listing else seen

    def sees_some(self, actor: Actor, lookup: str, *, table: str, categories: str) -> models.Q:
        """The condition that at least one category of a row of this table may be seen."""
        if not self._sees_anybody(actor):
            return models.Q(pk__in=[])
        return models.Q(SeesSome(actor, "pk", table, f"{lookup}_id", categories))

    def _sees_anybody(self, actor: Actor) -> bool:
        if actor is None:
            raise ActorRequired("Nobody asks.")
        return isinstance(actor, Member) and _standing(actor) is not None

    def _reached(self, actor: Actor, lookup: str) -> models.Q:
        assert isinstance(actor, Member)
        standing = _standing(actor)
        assert standing is not None
        at = instant()
        reached = RawSQL(  # nosec B611
            "SELECT person_id FROM sharing_reach WHERE principal = ANY (%s)"
            " AND since <= %s AND (until IS NULL OR until > %s)",
            [reach.principals(actor, standing.role), at, at],
            output_field=models.UUIDField(),
        )
        return models.Q(**{f"{lookup}__in": reached})

    def page(
        self,
        actor: Actor,
        *,
        limit: int,
        after: UUID | None = None,
        back: bool = False,
        open_only: bool = False,
        having: type[models.Model] | None = None,
        more_than_card: bool = False,
    ) -> list[tuple[UUID, Answer]]:
        """The newest people of whom the actor sees anything, or the next ones after one.

        The projection names candidates, in order; the rule is asked about each of them.
        """
        if not isinstance(actor, Member):
            return []
        member = actor_facts(actor)
        if member.role is None:
            return []
        more_than_card = more_than_card and member.role is not Role.MANAGER
        principals = reach.principals(
            actor, member.role, more_than_card=more_than_card, on_duty=member.on_duty
        )
        # Being on duty opens a few categories of everybody whom the agency leads.
        narrow = (
            more_than_card
            and member.on_duty
            and member.role in WORKERS
            and (having is None or bool(getattr(having, "bits", "")))
        )
        if narrow:
            principals = [*principals, actor.agency_id]
        found: list[tuple[UUID, Answer]] = []
        # A few more: what turns out not to be shown then costs no second question.
        asked = limit + _SPARE
        while len(found) < limit:
            worlds = facts.worlds_on(
                actor,
                principals,
                limit=asked,
                after=after,
                back=back,
                open_only=open_only,
                having=having,
                # What is open of somebody whatever their involvements carry.
                added=POINTER | (to_bits(rule.DUTY) if member.on_duty else 0),
                narrow=narrow,
            )
            for person_id, answer in _decided(worlds):
                if answer.visible:
                    found.append((person_id, answer))
                    if len(found) == limit:
                        break
                after = person_id
            if len(worlds) < asked:
                break
            asked = min(asked * 2, _MOST_AT_ONCE)
        return found

    def count(self, actor: Actor, *, most: int) -> int:
        """How many people the actor sees anything of; `most` + 1 for more than `most`."""
        if not isinstance(actor, Member):
            return 0
        standing = _standing(actor)
        if standing is None:
            return 0
        if standing.role in WORKERS and most < gathered.carded(
            agency=actor.agency_id, asker=actor.user_id, at=instant(), most=most + 1
        ):
            return most + 1
        principals = reach.principals(actor, standing.role)
        number, after, asked = 0, None, most + 1 + max(_SPARE, most // 20)
        while number <= most:
            if standing.role in WORKERS:
                # Mostly it is enough that there is a card; the rule judges the others.
                found = gathered.counted(
                    principals,
                    agency=actor.agency_id,
                    asker=actor.user_id,
                    at=instant(),
                    limit=asked,
                    after=after,
                )
                number += found.carded + self._seen(self.answers(actor, found.others))
                people, after = found.people, found.last
            else:
                worlds = facts.worlds_on(
                    actor, principals, limit=asked, after=after, back=False, open_only=False
                )
                number += self._seen(dict(_decided(worlds)))
                people, after = len(worlds), next(reversed(list(worlds)), None)
            if people < asked:
                break
            missing = most + 1 - number
            asked = max(missing + missing // 2, 4 * _SPARE)
        return min(number, most + 1)

    def _seen(self, answers: Mapping[UUID, Answer]) -> int:
        return sum(bool(answer.visible) for answer in answers.values())

    def named(self, actor: Actor, words: Sequence[str]) -> dict[UUID, Answer]:
        """The first people by name, of whom the actor sees anything, with all these words
        in their names or reference, and what the rule answers for each."""
        if not isinstance(actor, Member) or not words:
            return {}
        standing = _standing(actor)
        if standing is None:
            return {}
        found: dict[UUID, Answer] = {}
        tried = 0
        while len(found) < MOST_NAMED:
            keys = reach.named(
                words,
                reach.principals(actor, standing.role),
                limit=MOST_NAMED + _SPARE,
                beyond=tried,
            )
            # What may not be shown takes nobody's place.
            answers = self.answers(actor, keys)
            found |= {key: answers[key] for key in keys if answers[key].visible}
            tried += len(keys)
            if len(keys) < MOST_NAMED + _SPARE:
                break
        return dict(list(found.items())[:MOST_NAMED])

    def answers(self, actor: Actor, people: Iterable[UUID]) -> dict[UUID, Answer]:
        """What the rule answers for each of these people, from the true involvements."""
        if not isinstance(actor, Member):
            return {}
        return dict(_decided(facts.worlds(actor, people)))


def _decided(worlds: facts.Worlds) -> Iterator[tuple[UUID, Answer]]:
    """What the rule answers in each of one actor's worlds: asked once where they are alike."""
    answers: dict[Hashable, Answer] = {}
    for person_id in worlds:
        alike = worlds.alike(person_id)
        if alike not in answers:
            answers[alike] = decide(worlds[person_id])
        yield person_id, answers[alike]


def _names(some: Iterable[Basis]) -> list[str]:
    return sorted(basis.value for basis in some)


def _which(condition: Any) -> list[str]:
    return _names(basis for basis, opening in OPENINGS.items() if condition(opening))
