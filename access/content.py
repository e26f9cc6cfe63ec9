"""What belongs to some people, read in one statement, and only where it is visible.

For the few endpoints that are asked so often that a statement for each table is too many.
Each part names a table of personal rows, the categories of which at least one must be
visible, and what of a row is taken; it goes into the statement with the bits of each
person's sight, so that what is hidden is not read at all. Whoever shows a row asks the
sight about its category as everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from access.categories import Category, to_bits
from access.reading import Sight

Parts = dict[str, list[dict[str, Any]]]
"""Of one person: by the name of a part its rows, in order; none where it is hidden."""


@dataclass(frozen=True)
class Part:
    """Rows of one table about a person."""

    model: type[Model]
    """The table, `t` in what follows. It has a column for the person."""
    categories: frozenset[Category]
    """At least one of these must be visible."""
    columns: Sequence[str] = ()
    """Columns that are taken under their own names."""
    others: Mapping[str, str] = field(default_factory=dict)
    """What else is taken: by name, SQL over `t` and whatever is joined."""
    joins: str = ""
    where: str = "true"
    """SQL that holds for the rows that are taken. `%(at)s` stands for the instant."""
    order: str = "t.id"
    person: str = "person_id"
    """The column of the person."""

    def sql(self) -> str:
        """SQL of the rows as a JSON list, or of NULL where none of the categories is visible."""
        taken = {name: f"t.{name}" for name in self.columns} | dict(self.others)
        pairs = ", ".join(f"'{name}', {expression}" for name, expression in taken.items())
        # No outside text is in it: what the parts say, which is ours.
        return (
            f"CASE WHEN seen.visible & {to_bits(self.categories)} <> 0 THEN ("  # nosec B608
            f"SELECT json_agg(json_build_object({pairs}) ORDER BY {self.order})"
            f" FROM {self.model._meta.db_table} AS t {self.joins}"
            f" WHERE t.{self.person} = seen.person_id AND {self.where}) END"
        )


def where_seen(category: Category, sql: str) -> str:
    """SQL of what belongs to one more category than its row: NULL where that is hidden."""
    return f"CASE WHEN seen.visible & {to_bits([category])} <> 0 THEN {sql} END"


class PartSet:
    """Some parts under their names: compiled once, asked for some people at a time."""

    def __init__(self, **parts: Part) -> None:
        self.parts = parts

    def read(self, seen: Mapping[UUID, Sight], **parameters: Any) -> dict[UUID, Parts]:
        """By person, the rows of each part, as far as the sight reaches. Nothing is noted.

        `parameters` are what the parts' conditions name.
        """
        if not seen:
            return {}
        bits = [to_bits(sight.answer.visible) for sight in seen.values()]
        with connection.cursor() as cursor:
            cursor.execute(self._statement, {"people": list(seen), "bits": bits, **parameters})
            return {
                person_id: {name: rows or [] for name, rows in zip(self.parts, found, strict=True)}
                for person_id, *found in cursor.fetchall()
            }

    @cached_property
    def _statement(self) -> str:
        columns = ", ".join(part.sql() for part in self.parts.values())
        # No outside text is in it: what the parts say, which is ours.
        return (
            f"SELECT seen.person_id, {columns}"  # noqa: S608  # nosec B608
            " FROM unnest(%(people)s::uuid[], %(bits)s::int[]) AS seen (person_id, visible)"
        )
