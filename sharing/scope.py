"""Whom an actor sees: the conditions, pages, counts and searches that other rooms ask for.

The projection (`sharing.reach`) names candidates, the rule decides of each of them: in the
database (`sharing.rule_sql`) where it is asked about many, by `access.rule.decide` where the
reasons are wanted too.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.expressions import RawSQL

from access import rule
from access.actor import Actor, ActorRequired, Member
from access.categories import Category, to_bits
from access.content import Parts, PartSet
from access.roles import WORKERS, Role
from access.rule import Answer, decide
from core.clock import instant
from sharing import candidates, facts, judged, reach, rule_sql
from sharing.rule_sql import Standing, standing, visible_sql

_SPARE = 10

_MOST_AT_ONCE = 1_000
"""Candidates asked about at once, where many that were named may not be shown."""


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
        return self._reached(actor, lookup, Category) & seen if listing else seen

    def sees_some(
        self,
        actor: Actor,
        lookup: str,
        *,
        table: str,
        categories: str,
        listing: Collection[Category] = (),
    ) -> models.Q:
        """The condition that at least one category of a row of this table may be seen.

        `listing`: of such categories, narrowed by nothing else.
        """
        if not self._sees_anybody(actor):
            return models.Q(pk__in=[])
        seen = models.Q(SeesSome(actor, "pk", table, f"{lookup}_id", categories))
        return self._reached(actor, lookup, listing) & seen if listing else seen

    def few(self, actor: Actor, of: Collection[Category], *, most: int) -> Collection[UUID] | None:
        """Everybody of whom one of these may be open to the actor; None for more than `most`."""
        if not self._sees_anybody(actor):
            return ()
        assert isinstance(actor, Member)
        return reach.listed(
            self._principals(actor, of), whole=actor.agency_id, carrying=to_bits(of), most=most
        )

    def _sees_anybody(self, actor: Actor) -> bool:
        if actor is None:
            raise ActorRequired("Nobody asks.")
        return isinstance(actor, Member) and standing(actor) is not None

    def _reached(self, actor: Actor, lookup: str, of: Collection[Category]) -> models.Q:
        """The condition that the projection names the person: one of these may be open."""
        at = instant()
        reached = RawSQL(  # nosec B611
            "SELECT person_id FROM sharing_reach WHERE principal = ANY (%s)"
            " AND since <= %s AND (until IS NULL OR until > %s)",
            [self._principals(actor, of), at, at],
            output_field=models.UUIDField(),
        )
        return models.Q(**{f"{lookup}__in": reached})

    def _principals(self, actor: Actor, of: Collection[Category]) -> list[UUID]:
        """On whose lists everybody stands of whom one of these may be open to the actor."""
        assert isinstance(actor, Member)
        stands = standing(actor)
        assert stands is not None
        on_duty = stands.member.on_duty
        found = reach.principals(
            actor, stands.role, more_than_card=Category.POINTER not in of, on_duty=on_duty
        )
        # Being on duty opens a little of everybody whom the agency leads.
        return [*found, actor.agency_id] if on_duty and not rule.DUTY.isdisjoint(of) else found

    def page(
        self,
        actor: Actor,
        *,
        limit: int,
        after: UUID | None = None,
        back: bool = False,
        open_only: bool = False,
        having: type[models.Model] | None = None,
        kinds: Collection[str] = (),
        own: bool = False,
        more_than_card: bool = False,
        parts: PartSet | None = None,
    ) -> tuple[list[tuple[UUID, Answer]], dict[UUID, Parts]]:
        """The newest people of whom the actor sees anything, or the next ones after one.

        The projection names candidates, in order; the rule is asked about each of them. What
        `parts` names is read of those who are seen.
        """
        stands = standing(actor) if isinstance(actor, Member) else None
        if stands is None:
            return [], {}
        assert isinstance(actor, Member)
        principals, narrow = _lists(actor, stands, having, more_than_card)
        ask = partial(
            judged.page,
            actor,
            stands,
            principals,
            back=back,
            open_only=open_only,
            having=having,
            kinds=kinds,
            # Whoever does not work with young people sees nobody for being there.
            own=own and stands.role in WORKERS,
            # What is open of somebody whatever their involvements carry.
            added=rule_sql.POINTER | (to_bits(rule.DUTY) if stands.member.on_duty else 0),
            narrow=narrow,
        )
        # A few more: what turns out not to be shown then costs no second question.
        asked = limit + _SPARE
        if (
            stands.role not in WORKERS
            and parts is not None
            and not ask(limit=1, asked=asked, after=after, parts=None).asked
        ):
            # They mostly have nobody: then nothing is asked about content.
            return [], {}
        found: list[tuple[UUID, Answer]] = []
        content: dict[UUID, Parts] = {}
        while len(found) < limit:
            missing = limit - len(found)
            batch = ask(limit=missing, asked=asked, after=after, parts=parts)
            found += batch.seen
            content |= batch.content
            if batch.asked < asked:
                break
            # Of the next as many as it takes if as many of them are shown, and as many again.
            missing -= len(batch.seen)
            likely = 2 * missing * asked // max(len(batch.seen), 1)
            after, asked = batch.last, min(max(likely, _SPARE), 2 * asked, _MOST_AT_ONCE)
        return found, content

    def count(self, actor: Actor, *, most: int) -> int:
        """How many people the actor sees anything of; `most` + 1 for more than `most`."""
        if not isinstance(actor, Member):
            return 0
        stands = standing(actor)
        if stands is None:
            return 0
        if stands.role not in WORKERS:
            # Nobody but whom is named to them: few.
            return len(self.page(actor, limit=most + 1)[0])
        if most < candidates.carded(
            agency=actor.agency_id, asker=actor.user_id, at=instant(), most=most + 1
        ):
            return most + 1
        principals = reach.principals(actor, stands.role)
        number, after, asked = 0, None, most + 1 + max(_SPARE, most // 20)
        while number <= most:
            # Mostly it is enough that there is a card; the rule judges the others.
            people, after, seen = judged.count(actor, stands, principals, asked=asked, after=after)
            number += seen
            if people < asked:
                break
            missing = most + 1 - number
            asked = max(missing + missing // 2, 4 * _SPARE)
        return min(number, most + 1)

    def found(
        self, actor: Actor, words: Sequence[str], *, limit: int, parts: PartSet | None = None
    ) -> tuple[list[tuple[UUID, Answer]], dict[UUID, Parts]]:
        """The first people by name, of whom the actor sees anything, with all these words in
        their names or reference; what the rule answers for each, and what `parts` names."""
        stands = standing(actor) if isinstance(actor, Member) and words else None
        if stands is None:
            return [], {}
        assert isinstance(actor, Member)
        ask = partial(
            judged.found,
            actor,
            stands,
            reach.principals(actor, stands.role),
            reach.patterns(words),
            parts=parts,
        )
        found: list[tuple[UUID, Answer]] = []
        content: dict[UUID, Parts] = {}
        tried, asked = 0, limit + _SPARE
        while len(found) < limit:
            # What may not be shown takes nobody's place.
            batch = ask(limit=limit - len(found), asked=asked, beyond=tried)
            found += batch.seen
            content |= batch.content
            if batch.asked < asked:
                break
            # Whoever fits is found anew each time: so once more mostly is enough.
            tried, asked = tried + asked, min(4 * asked, _MOST_AT_ONCE)
        return found, content

    def answers(self, actor: Actor, people: Iterable[UUID]) -> dict[UUID, Answer]:
        """What the rule answers for each of these people, from the true involvements."""
        if not isinstance(actor, Member):
            return {}
        return dict(_decided(facts.worlds(actor, people)))


def _lists(
    actor: Member, stands: Standing, having: type[models.Model] | None, more_than_card: bool
) -> tuple[list[UUID], bool]:
    """On whose lists a page's candidates stand, and whether of the agency's own little is open."""
    on_duty = stands.member.on_duty
    more_than_card = more_than_card and stands.role is not Role.MANAGER
    principals = reach.principals(
        actor, stands.role, more_than_card=more_than_card, on_duty=on_duty
    )
    # Being on duty opens a few categories of everybody whom the agency leads.
    narrow = (
        more_than_card
        and on_duty
        and stands.role in WORKERS
        and (having is None or bool(getattr(having, "bits", "")))
    )
    return ([*principals, actor.agency_id] if narrow else principals), narrow


def _decided(worlds: facts.Worlds) -> Iterator[tuple[UUID, Answer]]:
    """What the rule answers in each of one actor's worlds: asked once where they are alike."""
    answers: dict[Hashable, Answer] = {}
    for person_id in worlds:
        alike = worlds.alike(person_id)
        if alike not in answers:
            answers[alike] = decide(worlds[person_id])
        yield person_id, answers[alike]
