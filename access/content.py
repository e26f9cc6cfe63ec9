"""What belongs to some people, read in one statement, and only where it is visible.

For the few endpoints that are asked so often that a statement for each table is too many.
Each part names a table of personal rows, the categories of which at least one must be
visible, and what of a row is taken; it is asked about those people alone whose sights show
one of them, so that what is hidden is not read at all. Whoever shows a row asks the sight
about its category as everywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from access.categories import Category, to_bits
from access.models import PersonalModel
from access.reading import Sight
from core.prepared import Statement

_JOINED = re.compile(r"\bJOIN (\w+)")

Parts = Mapping[str, Sequence[dict[str, Any]]]
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
    """SQL; `{people}` stands for the keys of those asked about."""
    where: str = "true"
    """SQL that holds for the rows that are taken. `%(at)s` stands for the instant."""
    order: str = "t.id"
    person: str = "person_id"
    """The column of the person."""
    once: bool = False
    """Whether there is one row at most about a person: then none need be put in order."""

    @property
    def tables(self) -> set[str]:
        """Every table that is read for it."""
        return {self.model._meta.db_table, *_JOINED.findall(self.joins)}

    def sql(self, people: str) -> str:
        """SQL of the rows about these people: as JSON, by person a list, of each row an object.

        `people` is SQL of their keys.
        """
        taken = {name: f"t.{name}" for name in self.columns} | dict(self.others)
        named = ", ".join(f"'{name}', {column}" for name, column in taken.items())
        row = f"json_build_object({named})"
        # No outside text is in it: what the parts say, which is ours.
        rows = (
            f" FROM {self.model._meta.db_table} AS t {self.joins.format(people=people)}"
            f" WHERE t.{self.person} = ANY ({people}) AND {self.where}"
        )
        if self.once:
            return f"(SELECT json_object_agg(t.{self.person}, json_build_array({row})){rows})"
        return (
            "(SELECT json_object_agg(person, listed) FROM ("  # nosec B608
            f"SELECT t.{self.person} AS person,"
            f" json_agg({row} ORDER BY {self.order}) AS listed{rows} GROUP BY 1) AS each)"
        )


class _OfPerson(Mapping[str, Sequence[dict[str, Any]]]):
    """The parts of one person among those of several: looked up when they are asked for."""

    __slots__ = ("_columns", "_key")

    def __init__(self, columns: Mapping[str, Mapping[str, Any]], key: str) -> None:
        self._columns = columns
        self._key = key

    def __getitem__(self, name: str) -> Sequence[dict[str, Any]]:
        return self._columns[name].get(self._key, ())

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class PartSet:
    """Some parts under their names, asked for some people at a time.

    `name` is that of the list for which they are read: the database has a function for it.
    """

    def __init__(self, name: str, /, **parts: Part) -> None:
        self.name = name
        self.parts = parts

    @property
    def tables(self) -> set[str]:
        """Every table that is read for them."""
        return set().union(*(part.tables for part in self.parts.values()))

    def sql(self, people: Callable[[frozenset[Category]], str]) -> str:
        """SQL of all the parts, each a column.

        `people` gives SQL of the keys of those of whom one of some categories is visible. The
        parts' own conditions name the instant.
        """
        return ", ".join(part.sql(people(part.categories)) for part in self.parts.values())

    def of(self, keys: Mapping[str, UUID], columns: Sequence[Any]) -> dict[UUID, Parts]:
        """By person, the rows of each part, from the columns that `sql` gives."""
        found = dict(zip(self.parts, (column or {} for column in columns), strict=True))
        return {person_id: _OfPerson(found, key) for key, person_id in keys.items()}

    def read(self, seen: Mapping[UUID, Sight], **parameters: Any) -> dict[UUID, Parts]:
        """By person, the rows of each part, as far as the sight reaches. Nothing is noted.

        `parameters` are what the parts' conditions name.
        """
        if not seen:
            return {}
        keys = {str(person_id): person_id for person_id in seen}
        visible = {key: seen[person_id].answer.visible for key, person_id in keys.items()}
        # As text: to write a list of keys costs more than to find them.
        asked = {
            name: "{" + ",".join(key for key in keys if not of.isdisjoint(visible[key])) + "}"
            for of, name in self.asked.items()
        }
        [columns] = self._statement.row({**asked, **parameters})
        return self.of(keys, columns)

    @cached_property
    def asked(self) -> dict[frozenset[Category], str]:
        """By categories, a name for those people of whom one of them is visible."""
        every = dict.fromkeys(part.categories for part in self.parts.values())
        return {categories: f"seen_{place}" for place, categories in enumerate(every)}

    @cached_property
    def _statement(self) -> Statement:
        """One statement, whoever sees what, so that it is soon planned for good."""
        columns = self.sql(lambda of: f"%({self.asked[of]})s::uuid[]")
        return Statement(f"SELECT json_build_array({columns})")


def keys_visible(
    model: type[PersonalModel],
    seen: Mapping[UUID, Sight],
    *,
    limit: int,
    after: tuple[UUID, UUID] | None = None,
    back: bool = False,
) -> list[UUID]:
    """The keys of the first rows about these people of which at least one category is visible.

    By the model's `bits`, so that however many are hidden, they cost no more than to pass them
    over. In order of the person and the row, the newest first, or with `back` the other way;
    beyond a person and a row, if given.
    """
    way, order = (">", "ASC") if back else ("<", "DESC")
    beyond = f"AND (t.person_id, t.id) {way} (%(person)s, %(row)s)" if after is not None else ""
    person, row = after or (None, None)
    with connection.cursor() as cursor:
        # No outside text is in it: names of ours, and parameters.
        cursor.execute(
            # Person by person: beginning with the table, it would be read through.
            "SELECT t.id FROM unnest(%(people)s::uuid[], %(bits)s::int[])"  # noqa: S608  # nosec B608
            " AS seen (person_id, visible) CROSS JOIN LATERAL ("
            f"SELECT t.person_id, t.id FROM {model._meta.db_table} AS t"
            f" WHERE t.person_id = seen.person_id AND ({model.bits}) & seen.visible <> 0 {beyond}"
            f" ORDER BY t.id {order} LIMIT %(limit)s) AS t"
            f" ORDER BY t.person_id {order}, t.id {order} LIMIT %(limit)s",
            {
                "people": list(seen),
                "bits": [to_bits(sight.answer.visible) for sight in seen.values()],
                "limit": limit,
                **({"person": person, "row": row} if after is not None else {}),
            },
        )
        return [key for (key,) in cursor.fetchall()]
