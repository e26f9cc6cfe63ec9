"""The registry through which models below `sharing` can be read by whoever may.

Who may see a person follows from rows that live in higher rooms. `sharing` fills this
registry at start-up; `people` and every other room only ask it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.db.models import Model, Q

from access.actor import Actor, ActorRequired
from access.categories import Category
from access.rule import Answer

if TYPE_CHECKING:
    # It shows what sights allow, and they ask here.
    from access.content import Parts, PartSet


class Scope(Protocol):
    """What `sharing` provides."""

    def sees(self, actor: Actor, lookup: str, *, listing: bool = False) -> Q:
        """The condition that the actor sees anything of the person whom `lookup` names.

        `listing`: the query is narrowed by nothing else.
        """

    def sees_some(
        self,
        actor: Actor,
        lookup: str,
        *,
        table: str,
        categories: str,
        listing: Collection[Category] = (),
    ) -> Q:
        """The condition that at least one category of a row of this table may be seen.

        `categories` is the SQL over `record` that gives a row's categories as bits. `listing`:
        what categories there are, if the query is narrowed by nothing else.
        """

    def few(self, actor: Actor, of: Collection[Category], *, most: int) -> Collection[UUID] | None:
        """Everybody of whom one of these categories may be open to the actor.

        None if there are more than `most`.

        More rather than fewer: what narrows a query, and decides nothing.
        """

    def page(
        self,
        actor: Actor,
        *,
        limit: int,
        after: UUID | None = None,
        back: bool = False,
        open_only: bool = False,
        having: type[Model] | None = None,
        kinds: Collection[str] = (),
        own: bool = False,
        more_than_card: bool = False,
        parts: PartSet | None = None,
    ) -> tuple[list[tuple[UUID, Answer]], dict[UUID, Parts]]:
        """The newest people of whom the actor sees anything, or the next ones after one.

        What the rule answers for each, without the reasons and whether they are auditable; and
        what `parts` names, as far as it is visible. `open_only`: without those of whom nothing
        but a closed record is there. `having`: only those who have a row in that table of
        personal rows; of one of these `kinds`, if any are named, and with `own`, which needs
        kinds, one of the actor's own agency. `more_than_card`: at least those of whom the actor
        sees more than whom to ask. What it costs depends on `limit` alone, and on how many have
        none.
        """

    def count(self, actor: Actor, *, most: int) -> int:
        """How many people the actor sees anything of; `most` + 1 for more than `most`."""

    def found(
        self, actor: Actor, words: Sequence[str], *, limit: int, parts: PartSet | None = None
    ) -> tuple[list[tuple[UUID, Answer]], dict[UUID, Parts]]:
        """The first people by name, of whom the actor sees anything, with all these words
        in their names or reference; for each what `page` gives."""

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
