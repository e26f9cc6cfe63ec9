"""The registry through which models below `sharing` can be read by whoever may.

Who may see a person follows from rows that live in higher rooms. `sharing` fills this
registry at start-up; `people` and every other room only ask it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from django.db.models.expressions import RawSQL

from access.actor import Actor, ActorRequired
from access.rule import Answer


class Scope(Protocol):
    """What `sharing` provides."""

    def visible_people(self, actor: Actor) -> RawSQL:
        """A subquery of the ids of the people of whom the actor may see anything."""

    def visible_records(
        self, actor: Actor, *, table: str, person_column: str, categories: str
    ) -> RawSQL:
        """A subquery of the ids of rows of which the actor may see every category or some.

        `categories` is the SQL that gives a row's categories as bits.
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
