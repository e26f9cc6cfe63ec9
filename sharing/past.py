"""Who could see what of a person at an instant: the one rule, asked of how things stood then.

Every fact is kept as a period and nothing starts in the past, so the answer is exact. It
is what they could see without stepping up: a safe address is never in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from access.actor import Member, NotAllowed, NotVisible
from access.bases import LABELS as BASIS_LABELS
from access.categories import LABELS, Category
from access.reading import Sight, sights
from access.roles import Role
from access.rule import decide_each
from access.wall import passage, through
from agencies.models import Membership
from core import clock
from core.ids import tidy_reference
from people.models import YoungPerson
from sharing import facts


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who could see something, and why."""

    hat: Membership
    categories: Sequence[str]
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class Then:
    """The answer for one instant."""

    at: datetime
    seers: Sequence[Seer]
    own_only: bool
    """Whether it is cut to the actor's own agency: another one answered for the person."""


def load(actor: Member, reference: str) -> tuple[YoungPerson, Sight]:
    """A person about whom the actor may ask this: an auditor's, or a manager's own.

    Raises NotVisible when the actor may know of nobody here, NotAllowed for who sees the
    person and may not ask.
    """
    person = facts.by_reference(tidy_reference(reference))
    if person is None:
        raise NotVisible
    sight = sights(actor, [person.pk])[person.pk]
    if sight.answer.auditable:
        return person, sight
    if not sight.answer.visible - {Category.POINTER}:
        raise NotVisible
    if (
        actor.role is not Role.MANAGER
        or facts.lead_agency(person.pk) != actor.agency_id
        or not sight.shows(Category.IDENTITY)
    ):
        raise NotAllowed
    return person, sight


_PAST = passage("past.who_could_see", "bars and restrictions of others decide who could see")


def who_could_see(actor: Member, person: YoungPerson, at: datetime) -> Then:
    """Everybody who could see something of the person at that instant.

    Of a time in which another agency led, only those of the actor's own agency.
    """
    with clock.at(at), through(_PAST):
        agencies = facts.involved_agencies(person.pk)
        lead = facts.lead_agency(person.pk)
        own_only = lead != actor.agency_id
        if own_only:
            agencies &= {actor.agency_id}
        watchers = facts.watchers(person.pk, agencies, list(Role))
        answers = decide_each(watcher.world for watcher in watchers)
        seeing = {
            watcher.membership: answer
            for watcher, answer in zip(watchers, answers, strict=True)
            if answer.visible
        }
        hats = Membership.objects.select_related("user", "agency").in_bulk(list(seeing))
        seers = []
        for key, answer in seeing.items():
            bases = {basis for found in answer.reasons.values() for basis in found}
            seers.append(
                Seer(
                    hats[key],
                    [LABELS[one] for one in Category if one in answer.visible],
                    [BASIS_LABELS[basis] for basis in sorted(bases)],
                )
            )
    return Then(
        at, sorted(seers, key=lambda one: (one.hat.agency.name, one.hat.user.name)), own_only
    )
