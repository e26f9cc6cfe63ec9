"""The base classes of rows that tell of a young person.

`objects` can't be read without an actor. `rows` is the plain manager for Django itself
(foreign keys, refreshes, cascades), for actions and for the scope; an architecture test
keeps it there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self
from uuid import UUID

from django.db import models

from access.actor import Actor, ActorRequired
from access.categories import Category, to_bits
from access.scope import scope
from core.models import BaseModel

if TYPE_CHECKING:
    from access.reading import Sight


class VisibleQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """A query that has been cut to what its actor may see."""


class GuardedManager(models.Manager):  # type: ignore[type-arg]
    """A manager that reads nothing until it is told who reads.

    `lookup` names the field that leads to the person ("pk" on the person itself).
    """

    use_in_migrations = False

    def __init__(self, lookup: str = "person") -> None:
        super().__init__()
        self.lookup = lookup

    def get_queryset(self) -> NoReturn:
        """Refuse: every read starts from the viewer."""
        raise ActorRequired(f"{self.model.__name__}.objects needs visible_to(actor).")

    def visible_to(self, actor: Actor, *, listing: bool = False) -> VisibleQuerySet:
        """The rows about people of whom the actor may see anything.

        A row of a person who is only a pointer to the actor is among them: what of it may
        be shown is decided by its categories (`access.reading`). `listing`: nothing else
        narrows the query, so it begins with the people whom the actor could see at all.
        """
        return self._plain().filter(scope().sees(actor, self.lookup, listing=listing))

    def some_visible_to(
        self, actor: Actor, *, categories: str, listing: Collection[Category] = ()
    ) -> VisibleQuerySet:
        """The rows of which the actor may see at least one category.

        `categories` is SQL over `record` that gives a row's categories as bits. A row with
        none visible is not among them, so neither a page's size nor its end tells of it.
        `listing`: what categories such rows have, where nothing but an agency narrows the
        query: it then begins with the people of whom one of them could be open to the actor.
        """
        condition = scope().sees_some(
            actor,
            self.lookup,
            table=self.model._meta.db_table,
            categories=categories,
            listing=listing,
        )
        return self._plain().filter(condition)

    def of(self, sights: Mapping[UUID, Sight], *categories: Category) -> VisibleQuerySet:
        """The rows about those people whose sights show that these categories are visible.

        For what belongs to people who have been decided on in this transaction already:
        asking the rule once for a page is enough.
        """
        people = [key for key, seen in sights.items() if seen.sees(*categories)]
        return self._plain().filter(**{f"{self.lookup}__in": people})

    def _plain(self) -> VisibleQuerySet:
        queryset: VisibleQuerySet = VisibleQuerySet(self.model, using=self._db)
        # Reached through a row (`person.goals`), stay with that row.
        if related := getattr(self, "_apply_rel_filters", None):
            queryset = related(queryset)
        return queryset


class SealedError(RuntimeError):
    """A row that gives access was changed outside the action that may change it."""


def bits_named(column: str, categories: Iterable[Category]) -> str:
    """SQL: the one category that a column of the row `t` names, as bits."""
    cases = " ".join(
        f"WHEN '{category.value}' THEN {to_bits([category])}" for category in categories
    )
    return f"CASE t.{column} {cases} ELSE 0 END"


def listed_by(bits: str) -> str:
    """What `PersonalModel.listed` is of rows that have these bits."""
    return f"({bits}) & {{carried}} <> 0"


class PersonalModel(BaseModel):
    """A row that tells of one young person, given by its field `person`."""

    person_id: UUID

    audited: ClassVar[bool] = False
    """Whether auditors review such rows about everybody who is auditable to them, also when
    their agency has nothing to do with them any more. Never the rows of the case itself."""
    bits: ClassVar[str] = ""
    """Of rows that name their own categories: these as bits, in SQL over the row `t`."""
    listed: ClassVar[str] = ""
    """Of rows that are listed over all people: which of them bring their person up, in SQL over
    the row `t`; too many rather than too few. None: they are listed of one person alone.

    `{carried}` stands for the categories that may be open of the person, as bits, `{agency}`
    and `{asker}` for who asks, `{shared}` for whether the person is on the list only for what
    is shared with the whole agency.
    """
    narrowed_by: ClassVar[tuple[str, str] | None] = None
    """Of such rows: the columns of their kind and of the agency whose they are, by which a list of
    them can be narrowed. There is an index of both and the person."""
    owned_by: ClassVar[str] = ""
    """The column of a user who answers for a row, and reads it for that reason alone."""

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "rows"


class Sealed:
    """A row that gives access: only its action module may write it.

    The action says so with `row.sealed_save()`; `save` and `delete` refuse.
    """

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse, unless called by `sealed_save`."""
        if not self.__dict__.pop("_unsealed", False):
            raise SealedError(f"{type(self).__name__} is written by its actions only.")
        super().save(*args, **kwargs)  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: what gave access stays on record; it is ended, not deleted."""
        raise SealedError(f"{type(self).__name__} is ended, never deleted.")

    def sealed_save(self, **kwargs: Any) -> Self:
        """Write the row. For the model's own action module."""
        self.__dict__["_unsealed"] = True
        self.save(**kwargs)
        return self
