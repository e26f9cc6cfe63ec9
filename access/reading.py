"""Reading a person: what the rule shows, and the note of what was shown.

A page or endpoint asks a `Sight` whether it shows a category. The answer is the rule's;
asking it with yes as the answer notes the category, and the notes of a response become
its access records, in the same transaction, before the response leaves. Whoever shows
content without asking shows nothing, because the values are reached through the sight.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model

from access.actor import Actor, Member, NotAllowed, NotVisible
from access.categories import EVERY, Category, in_order, to_bits
from access.rule import Answer
from access.scope import scope
from audit import trail
from core.prepared import Prepared

if TYPE_CHECKING:
    # It shows what sights allow.
    from access.content import Parts, PartSet


_POINTER = frozenset({Category.POINTER})


@dataclass(slots=True)
class Ledger:
    """The categories that the response in hand shows, person by person."""

    shown: dict[UUID, set[Category]] = field(default_factory=dict)
    purposes: dict[UUID, str] = field(default_factory=dict)
    route: str = ""
    """Name of the page, endpoint, job or command that shows it."""

    def note(self, person_id: UUID, categories: Iterable[Category]) -> None:
        """Remember that these categories of this person are shown."""
        shown = self.shown.get(person_id)
        if shown is None:
            self.shown[person_id] = set(categories)
        else:
            shown.update(categories)

    def reads(self) -> list[trail.Read]:
        """One read for each person of whom any content, not only the pointer, is shown."""
        return [
            trail.Read(person_id, to_bits(categories), self.purposes.get(person_id, ""))
            for person_id, categories in self.shown.items()
            if not categories <= _POINTER
        ]


_ledger: ContextVar[Ledger | None] = ContextVar("ledger", default=None)


class NoLedger(RuntimeError):
    """Content was asked for where nothing would record the read."""


@contextmanager
def ledger() -> Iterator[Ledger]:
    """Collect what is shown inside; the caller writes the records before it answers."""
    fresh = Ledger()
    token = _ledger.set(fresh)
    try:
        yield fresh
    finally:
        _ledger.reset(token)


def state_purpose(person_id: UUID, purpose: str) -> None:
    """Say for what the actor reads this person; kept with the access record."""
    _current().purposes[person_id] = purpose


def forget() -> None:
    """Drop what was noted so far: the response is an error and shows none of it."""
    _current().shown.clear()


@dataclass(frozen=True, slots=True)
class Sight:
    """What one actor sees of one person now."""

    person_id: UUID
    answer: Answer

    def shows(self, *categories: Category | str) -> bool:
        """Whether all these categories are visible; if so, notes that they are shown."""
        wanted = {Category(category) for category in categories}
        if not wanted or not wanted <= self.answer.visible:
            return False
        _current().note(self.person_id, wanted)
        return True

    def show_everything(self) -> list[Category]:
        """All that is visible, in order; notes that all of it is shown."""
        if self.answer.visible:
            _current().note(self.person_id, self.answer.visible)
        return in_order(self.answer.visible)

    def sees(self, *categories: Category | str) -> bool:
        """Whether all these categories are visible, without showing anything of them."""
        return bool(categories) and set(categories) <= self.answer.visible

    def sees_some(self, categories: Iterable[Category]) -> bool:
        """Whether at least one of these categories is visible: then a row is locked."""
        return bool(frozenset(categories) & self.answer.visible)

    def may_write(self, *categories: Category | str) -> bool:
        """Whether the actor may write in all these categories."""
        return bool(categories) and set(categories) <= self.answer.write

    @property
    def lead_agency(self) -> UUID | None:
        """The lead agency, to whoever sees anything of the person."""
        found = self.answer.lead_agency
        return UUID(found) if found is not None else None

    @property
    def hidden(self) -> list[Category]:
        """The categories not shared with the actor, whether or not they hold anything."""
        return [category for category in Category if category in EVERY - self.answer.visible]

    def reasons(self) -> list[tuple[Category, list[str]]]:
        """For each visible category, the bases that opened it."""
        found = self.answer.reasons
        return [(category, sorted(found[category])) for category in in_order(found)]


def sights(actor: Actor, people: Iterable[UUID]) -> dict[UUID, Sight]:
    """What the actor sees of each of these people; nobody else sees anything."""
    if not isinstance(actor, Member):
        return {}
    answers = scope().answers(actor, people)
    return {person_id: Sight(person_id, answer) for person_id, answer in answers.items()}


@dataclass(frozen=True, slots=True)
class SightPage:
    """Some people of whom the actor sees something, in order, and whether there are more."""

    people: list[UUID]
    seen: dict[UUID, Sight]
    before: bool
    beyond: bool
    content: Mapping[UUID, Parts] = field(default_factory=dict)
    """What was asked for of each besides."""


def sight_page(
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
) -> SightPage:
    """A page of all the people of whom the actor sees anything, the newest first.

    `open_only`: without those of whom nothing but a closed record is there. `having`: only
    those who have a row in that table; of one of these `kinds`, if any are named, and with
    `own`, which needs kinds, one of the actor's own agency (`PersonalModel.narrowed_by`).
    `more_than_card`: at least those of whom they see more than whom to ask; others may be among
    them. `parts`: what to read of each along with it, as far as it is visible; nothing is noted.
    Why something is seen is not worked out.
    """
    found, content = scope().page(
        actor,
        limit=limit + 1,
        after=after,
        back=back,
        open_only=open_only,
        having=having,
        kinds=kinds,
        own=own,
        more_than_card=more_than_card,
        parts=parts,
    )
    more = len(found) > limit
    found = found[:limit]
    if back:
        found.reverse()
    return SightPage(
        [person_id for person_id, _ in found],
        {person_id: Sight(person_id, answer) for person_id, answer in found},
        before=more if back else after is not None,
        beyond=bool(found) and (back or more),
        content=content,
    )


MOST_COUNTED = 1_000
MOST_NAMED = 100
"""So many people a search finds; whoever looks for one of more adds a word."""


def counted(actor: Actor) -> str:
    """How many people the actor sees anything of, in words: up to “1,000”, beyond “1,000+”."""
    number = scope().count(actor, most=MOST_COUNTED)
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"


def sight_found(
    actor: Actor,
    words: Sequence[str],
    *,
    limit: int = MOST_NAMED,
    beyond: int = 0,
    parts: PartSet | None = None,
) -> SightPage:
    """The first people by name whom the actor sees, with all these words in their names.

    Of the first hundred so many at most, after the first `beyond`. `parts`: what to read of each
    along with it, as far as it is visible; nothing is noted. Why something is seen is not worked
    out.
    """
    until = min(beyond + limit, MOST_NAMED)
    # One more tells whether there are more.
    found, content = scope().found(actor, words, limit=min(until + 1, MOST_NAMED), parts=parts)
    shown = found[beyond:until]
    return SightPage(
        [person_id for person_id, _ in shown],
        {person_id: Sight(person_id, answer) for person_id, answer in shown},
        before=beyond > 0,
        beyond=len(found) > until,
        content=content,
    )


def sight(actor: Actor, person_id: UUID) -> Sight:
    """What the actor sees of this person. Raises NotVisible when that is nothing."""
    found = sights(actor, [person_id]).get(person_id)
    if found is None or not found.answer.visible:
        raise NotVisible
    return found


def seen_row(
    actor: Actor,
    model: type[Any],
    key: UUID,
    *related: str,
    categories: Callable[[Any], Iterable[Category]],
    lock: bool = False,
) -> tuple[Any, Sight]:
    """The row with this key, of which the actor sees at least one category; what is seen of whom.

    `categories` gives those of a row, `related` is read along with it, `lock` keeps it from
    being changed until the transaction ends. Raises NotVisible for a row that is hidden, and
    for none alike.
    """
    # `rows`, since the sight decides in the next statement, and nothing is shown before.
    if lock:
        rows = model.rows.select_related(*related).select_for_update(of=("self",))
        row = rows.filter(pk=key).first()
    else:
        known = _keyed(model, related)  # type: ignore[arg-type]  # mypy: a class has a hash
        row = next(iter(known.instances(key=key)), None)
    if row is None:
        raise NotVisible
    seen = sight(actor, row.person_id)
    if not seen.sees_some(categories(row)):
        raise NotVisible
    return row, seen


@cache
def _keyed(model: type[Any], related: tuple[str, ...]) -> Prepared:
    return Prepared(
        lambda key: model.rows.select_related(*related).filter(pk=key).order_by(), key=UUID
    )


def _current() -> Ledger:
    found = _ledger.get()
    if found is None:
        raise NoLedger("Content may be shown only where the read is recorded.")
    return found


def require_write(actor: Actor, person_id: UUID, *categories: Category | str) -> Sight:
    """The sight of an actor who may write in all these categories.

    Raises NotVisible when nothing of the person is visible, NotAllowed when it is but
    may not be written.
    """
    found = sight(actor, person_id)
    if not found.may_write(*categories):
        raise NotAllowed
    return found
