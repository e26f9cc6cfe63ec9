"""The registry through which models below `sharing` can be read by whoever may.

Who may see a person follows from rows that live in higher rooms. `sharing` fills this
registry at start-up; `people` and every other room only ask it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Q
from django.db.models.expressions import RawSQL

from access.actor import Actor, ActorRequired
from access.rule import Answer

Order = Literal["newest", "latest"]
"""By key, the newest person first; or by the last thing that happened, the latest first."""


class Place(NamedTuple):
    """A place in a list of people, from which the next page goes on."""

    last_activity: datetime
    person_id: UUID


class Scope(Protocol):
    """What `sharing` provides."""

    def sees(self, actor: Actor, lookup: str) -> Q:
        """The condition that the actor sees anything of the person whom `lookup` names."""

    def visible_records(
        self, actor: Actor, *, table: str, person_column: str, categories: str
    ) -> RawSQL:
        """A subquery of the ids of rows of which the actor may see every category or some.

        `categories` is the SQL that gives a row's categories as bits.
        """

    def page(
        self,
        actor: Actor,
        *,
        order: Order,
        limit: int,
        after: Place | None = None,
        back: bool = False,
        open_only: bool = False,
    ) -> list[tuple[Place, Answer]]:
        """The first people in this order of whom the actor sees anything, or the next ones.

        `open_only`: without those of whom nothing but a closed record is there. What it
        costs depends on `limit` alone.
        """

    def answers(self, actor: Actor, people: Iterable[UUID]) -> dict[UUID, Answer]:
        """What the rule answers for each of these people."""


_registered: list[Scope] = []


def register(scope: Scope) -> None:
    """Make this the scope; called once, when `sharing` starts."""
    _registered[:] = [scope]


def scope() -> Scope:
    """The registered scope. Raises ActorRequired when there is none: then nobody sees."""
    if not _registered:
        raise ActorRequired("No scope is registered: nothing can be seen.")
    return _registered[0]
