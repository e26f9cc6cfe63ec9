"""What higher rooms do when a share ends: tasks go home, exports die.

The rooms register themselves at start-up; `sharing` knows none of them. Each says first
what would follow, so that a page can show it, and then does exactly that in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from access.actor import Actor
from access.categories import Category
from sharing.models import Involvement


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that follows: something open goes from one user to another."""

    kind: str
    """Which room said so, and does it."""
    subject_id: UUID
    category: Category
    """To which the words belong: who may not see it learns of the effect, not of the words."""
    words: str
    from_user: UUID
    to_user: UUID
    to_agency: UUID


Foresee = Callable[[Sequence[Involvement]], list[Effect]]
CarryOut = Callable[[Effect, Actor], None]

_followers: dict[str, tuple[Foresee, CarryOut]] = {}


def follow(kind: str, *, foresee: Foresee, carry_out: CarryOut) -> None:
    """Have a room say and do what follows when involvements end by a withdrawal or an ending."""
    _followers[kind] = (foresee, carry_out)


def foreseen(involvements: Sequence[Involvement]) -> list[Effect]:
    """What would follow, if all these ended at once. Changes nothing."""
    return [effect for foresee, _ in _followers.values() for effect in foresee(involvements)]


def carry_out(effects: Iterable[Effect], by: Actor) -> None:
    """Do what was foreseen, inside the caller's transaction."""
    for effect in effects:
        _followers[effect.kind][1](effect, by)


def ended(involvement: Involvement, by: Actor) -> None:
    """Do what follows from one that has just ended, inside the caller's transaction."""
    carry_out(foreseen([involvement]), by)
