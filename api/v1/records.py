"""What records with a category of their own share: scope, sights, locked entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from rest_framework.request import Request

from access.actor import Member
from access.categories import Category
from access.content import keys_visible
from access.reading import Sight, SightPage, seen_row
from api import names
from api.pagination import Item, Page, Place, paginate_by_person, rows_of


@dataclass(frozen=True)
class Records:
    """The records of one kind, each of which names its own categories.

    Of which none is visible, a record is left out altogether, so that neither a page's size
    nor its end tells of it.
    """

    model: type[Any]
    related: Sequence[str]
    """What is read along with each."""
    categories: Callable[[Any], Iterable[Category]]
    """Those of a record: the same as the model's `bits`."""

    def load(self, member: Member, row_id: str, *, lock: bool = False) -> tuple[Any, Sight]:
        """The record with this id, and what is seen of its person.

        Raises NotVisible for one that is hidden, and for none alike.
        """
        key = names.row_id(row_id)
        return seen_row(
            member, self.model, key, *self.related, categories=self.categories, lock=lock
        )

    def page(self, request: Request, member: Member) -> tuple[Page, dict[UUID, Sight]]:
        """The page that is asked for, and what is seen of each person on it."""

        def read(page: SightPage, place: Place | None, back: bool, limit: int) -> Sequence[Item]:
            seen = page.seen
            after = (place.person_id, place.key) if place is not None else None
            keys = keys_visible(self.model, seen, limit=limit, after=after, back=back)
            rows = self.model.objects.of(seen, Category.POINTER).filter(pk__in=keys)
            found = {row.pk: row for row in rows.select_related(*self.related)}
            return [(found[key].person_id, key, found[key]) for key in keys if key in found]

        return paginate_by_person(request, member, self.model, read, more_than_card=True)


def page_of_known(
    request: Request,
    member: Member,
    table: type[models.Model],
    known_to: Callable[[Member, Any, Mapping[UUID, Sight]], Any],
    bodies: Callable[[Member, Sequence[Any], Mapping[UUID, Sight]], dict[Any, dict[str, Any]]],
) -> dict[str, Any]:
    """The page, as it is sent, of rows of which the member may know.

    `known_to` narrows the rows as far as the database can, `bodies` gives those that are left,
    by key, as they may be shown.
    """
    shown: dict[Any, dict[str, Any]] = {}

    def of(seen: Mapping[UUID, Sight]) -> Any:
        rows = table.objects.of(seen, Category.POINTER)  # type: ignore[attr-defined]
        return known_to(member, rows, seen)

    def keep(seen: Mapping[UUID, Sight], items: Sequence[Item]) -> list[Item]:
        shown.update(bodies(member, [row for _, _, row in items], seen))
        return [one for one in items if one[1] in shown]

    # What opens to them opens more than whom to ask.
    page, _ = paginate_by_person(request, member, table, rows_of(of), keep, more_than_card=True)
    return page.answer([shown[row.pk] for row in page.rows])


def locked(row: models.Model, date: Any) -> dict[str, Any]:
    """An entry of which only some categories are visible: its date, nothing else."""
    return {"id": row.pk, "date": date, "locked": True}
