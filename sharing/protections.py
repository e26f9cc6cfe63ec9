"""Reading bars and restrictions, for the managers who answer for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from access.actor import Member, NotVisible
from access.categories import Category
from access.first import first_shown
from access.models import VisibleQuerySet
from access.reading import Sight, sights
from core.clock import today
from core.periods import live
from people.models import YoungPerson
from sharing import facts
from sharing.models import Bar, BarReason, Restriction, RestrictionReason

_MOST = 50
"""So many of each that are overdue are looked at."""


@dataclass(frozen=True, slots=True)
class Protection:
    """A bar or a restriction with its reason, which is kept apart."""

    row: Bar | Restriction
    reason: str

    @property
    def overdue(self) -> bool:
        """Whether it should have been reviewed by now. It holds all the same."""
        return self.row.review_on < today()


def of_person(actor: Member, sight: Sight) -> tuple[Sequence[Protection], Protection | None]:
    """The bars and the restriction of a person now, with the reasons.

    For managers of the lead agency who see the safety plan. Raises NotVisible.
    """
    if facts.lead_agency(sight.person_id) != actor.agency_id or not sight.shows(Category.SAFETY):
        raise NotVisible
    bars = (
        Bar.objects.visible_to(actor)
        .filter(live(), person_id=sight.person_id)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    restrictions = Restriction.objects.visible_to(actor).filter(live(), person_id=sight.person_id)
    seen = {sight.person_id: sight}
    barred = dict(BarReason.objects.of(seen, Category.SAFETY).values_list("bar_id", "reason"))
    restricted = dict(
        RestrictionReason.objects.of(seen, Category.SAFETY).values_list("restriction_id", "reason")
    )
    found = [Protection(row, barred.get(row.pk, "")) for row in bars]
    row = restrictions.first()
    return found, Protection(row, restricted.get(row.pk, "")) if row is not None else None


def load(actor: Member, kind: str, key: UUID) -> tuple[Bar | Restriction, Sight]:
    """A bar or a restriction that holds now. Raises NotVisible for any other and none alike."""
    model = {"bar": Bar, "restriction": Restriction}.get(kind)
    if model is None:
        raise NotVisible
    row = model.objects.visible_to(actor).filter(live(), pk=key).select_related("person").first()
    if row is None:
        raise NotVisible
    sight = sights(actor, [row.person_id])[row.person_id]
    if facts.lead_agency(row.person_id) != actor.agency_id or not sight.shows(Category.SAFETY):
        raise NotVisible
    return row, sight


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something that protects somebody and was to be reviewed by a day gone by."""

    person: YoungPerson
    what: str
    review_on: date


def overdue(actor: Member, *, limit: int) -> tuple[list[Overdue], bool]:
    """What protects people of the actor's agency and is overdue for review, the longest first.

    So many of them, and whether there are more.
    """
    found: list[tuple[Overdue, Sight]] = []
    beyond = False
    for model, what in ((Bar, "A bar"), (Restriction, "The restriction")):
        rows: VisibleQuerySet = (
            model.objects.visible_to(actor)
            .filter(live(), facts.led_by(actor.agency_id), review_on__lt=today())
            .select_related("person")
            .order_by("review_on", "pk")
        )
        limited = list(rows[: _MOST + 1])
        beyond |= len(limited) > _MOST
        seen = sights(actor, {row.person_id for row in limited})
        found += [
            (Overdue(row.person, what, row.review_on), seen[row.person_id]) for row in limited
        ]
    found.sort(key=lambda pair: pair[0].review_on)
    return first_shown(found, Category.SAFETY, limit=limit, beyond=beyond)
