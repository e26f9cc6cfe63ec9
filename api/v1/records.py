"""What records with a category of their own share: scope, sights, locked entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from rest_framework.request import Request

from access.actor import Member, NotVisible
from access.categories import Category, to_bits
from access.models import VisibleQuerySet
from access.reading import Sight, sights
from api import names
from api.pagination import Item, Page, paginate_by_person, rows_of

BY_ROW = "record.categories"
"""SQL: the categories that the row itself names."""


def by_column(column: str, categories: Sequence[Category]) -> str:
    """SQL: the one category that a column of the row names."""
    cases = " ".join(
        f"WHEN '{category.value}' THEN {to_bits([category])}" for category in categories
    )
    return f"CASE record.{column} {cases} ELSE 0 END"


def load(rows: VisibleQuerySet, row_id: str) -> Any:
    """The row with this id. Raises NotVisible for one that is hidden, and for none alike."""
    found = rows.filter(pk=names.row_id(row_id)).first()
    if found is None:
        raise NotVisible
    return found


def page_of(
    request: Request,
    member: Member,
    table: type[models.Model],
    of: Callable[[Mapping[UUID, Sight]], VisibleQuerySet],
    categories: Callable[[Any], Iterable[Category]],
) -> tuple[Page, dict[UUID, Sight]]:
    """The page of rows of which at least one category is visible, and what is seen of whom.

    `of` gives the rows about some people, `categories` those of a row. A row with none
    visible is left out altogether, so that neither a page's size nor its end tells of it.
    """

    def keep(seen: Mapping[UUID, Sight], items: Sequence[Item]) -> Sequence[Item]:
        return [one for one in items if seen[one[0]].sees_some(categories(one[2]))]

    return paginate_by_person(request, member, table, rows_of(of), keep, more_than_card=True)


def page_of_known(
    request: Request,
    member: Member,
    table: type[models.Model],
    known_to: Callable[[Member, Any], Any],
    bodies: Callable[[Member, Sequence[Any], Mapping[UUID, Sight]], dict[Any, dict[str, Any]]],
) -> dict[str, Any]:
    """The page, as it is sent, of rows of which the member may know.

    `known_to` narrows the rows as far as the database can, `bodies` gives those that are left,
    by key, as they may be shown.
    """
    shown: dict[Any, dict[str, Any]] = {}

    def of(seen: Mapping[UUID, Sight]) -> Any:
        rows = table.objects.of(seen, Category.POINTER)  # type: ignore[attr-defined]
        return known_to(member, rows)

    def keep(seen: Mapping[UUID, Sight], items: Sequence[Item]) -> list[Item]:
        shown.update(bodies(member, [row for _, _, row in items], seen))
        return [one for one in items if one[1] in shown]

    page, _ = paginate_by_person(request, member, table, rows_of(of), keep)
    return page.answer([shown[row.pk] for row in page.rows])


Project = Callable[[Any, Sight], dict[str, Any]]


def projected(member: Member, rows: Sequence[Any], project: Project) -> list[dict[str, Any]]:
    """Each row as its person's sight shows it: the rule is asked once for all of them."""
    seen = sights(member, {row.person_id for row in rows})
    return [project(row, seen[row.person_id]) for row in rows]


def locked(row: models.Model, date: Any) -> dict[str, Any]:
    """An entry of which only some categories are visible: its date, nothing else."""
    return {"id": row.pk, "date": date, "locked": True}
