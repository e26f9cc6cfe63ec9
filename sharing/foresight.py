"""A withdrawal's plan in words: what the page shows before it is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from access.bases import LABELS as BASIS_LABELS
from access.categories import LABELS, Category, in_order
from access.reading import Sight
from agencies.models import Agency, User
from core.clock import LONDON
from sharing.withdrawal import Look, Plan, Share

MOST_NAMES = 4
WAYS = {
    "paper": "a page made for printing",
    "system": "another system, by the API",
}


@dataclass(frozen=True, slots=True)
class Losing:
    """People of one agency who lose the same."""

    who: str
    agency: str
    categories: str
    nothing_left: bool


@dataclass(frozen=True, slots=True)
class Moving:
    """A task and its new owner; the words only to who may see such tasks."""

    words: str
    was: str
    will_be: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody who has read it, and may have kept it."""

    who: str
    categories: str
    when: datetime
    ways: str


@dataclass(frozen=True, slots=True)
class Staying:
    """What goes on, because it does not rest on this consent."""

    who: str
    why: str
    categories: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole plan, in words."""

    mark: str
    losing: list[Losing]
    without_effect: list[str]
    """Recipients who see nothing by it even now."""
    moving: list[Moving]
    holding: list[Holding]
    staying: list[Staying]
    told: int


class _Names:
    """Users and agencies by key, read once."""

    def __init__(self, users: Iterable[UUID], agencies: Iterable[UUID]) -> None:
        self.users: Mapping[UUID, User] = User.objects.in_bulk(set(users))
        self.agencies: Mapping[UUID, Agency] = Agency.objects.in_bulk(set(agencies))

    def of(self, agency: UUID, worker: UUID | None) -> str:
        if worker is None:
            return self.agencies[agency].name
        return f"{self.users[worker]}, {self.agencies[agency].name}"


def preview(plan: Plan, sight: Sight) -> Preview:
    """The plan in words, for whom the sight belongs to; notes what it shows."""
    names = _names(plan)
    return Preview(
        mark=plan.mark,
        losing=_losing(plan, names),
        without_effect=_without_effect(plan, names),
        moving=[
            Moving(
                words=move.words if sight.shows(move.category) else "",
                was=str(names.users[move.from_user]),
                will_be=str(names.users[move.to_user]),
            )
            for move in plan.moves
        ],
        holding=[_holding(look, names) for look in plan.holders],
        staying=[_staying(share, names) for share in plan.goes_on],
        told=len(plan.told),
    )


def words_of(categories: Iterable[Category]) -> str:
    """The categories by name, in the order of every page."""
    return ", ".join(LABELS[category] for category in in_order(categories))


def _names(plan: Plan) -> _Names:
    users = [loss.user for loss in plan.losses] + [look.user for look in plan.holders]
    users += [user for move in plan.moves for user in (move.from_user, move.to_user)]
    agencies = [loss.agency for loss in plan.losses] + [look.agency for look in plan.holders]
    for share in (*plan.ending, *plan.goes_on):
        agencies.append(share.agency)
        if share.worker is not None:
            users.append(share.worker)
    return _Names(users, agencies)


def _losing(plan: Plan, names: _Names) -> list[Losing]:
    alike: dict[tuple[UUID, frozenset[Category], bool], list[str]] = defaultdict(list)
    for loss in plan.losses:
        lost = loss.categories - {Category.POINTER}
        alike[loss.agency, lost, not loss.keeps].append(str(names.users[loss.user]))
    found = []
    for (agency, lost, nothing_left), users in alike.items():
        users.sort()
        more = len(users) - MOST_NAMES
        who = ", ".join(users[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        found.append(Losing(who, names.agencies[agency].name, words_of(lost), nothing_left))
    return sorted(found, key=lambda losing: (losing.agency, losing.who))


def _without_effect(plan: Plan, names: _Names) -> list[str]:
    losing = {loss.agency for loss in plan.losses}
    return [
        names.of(share.agency, share.worker) for share in plan.ending if share.agency not in losing
    ]


def _holding(look: Look, names: _Names) -> Holding:
    ways = [WAYS[way] for way in sorted(look.ways) if way in WAYS]
    return Holding(
        who=names.of(look.agency, look.user),
        categories=words_of(look.categories),
        when=look.last_at.astimezone(LONDON),
        ways=" and ".join(ways),
    )


def _staying(share: Share, names: _Names) -> Staying:
    return Staying(
        who=names.of(share.agency, share.worker),
        why=BASIS_LABELS[share.basis],
        categories=words_of(share.categories),
        until=share.until,
    )
