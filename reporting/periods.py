"""The quarters for which there are figures: those that are over, so that none changes by a day.

A figure that moved every day would tell, by its difference, of one young person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from core.clock import LONDON, today

SHOWN = 8
"""How many quarters back."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year, in London."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """As it stands in an address."""
        return f"{self.year}-{self.number}"

    @property
    def starts(self) -> datetime:
        """Its first instant."""
        return datetime.combine(date(self.year, self.number * 3 - 2, 1), time(), tzinfo=LONDON)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        following = Quarter(self.year + self.number // 4, self.number % 4 + 1)
        return following.starts

    @property
    def words(self) -> str:
        """As people say it."""
        last = date(self.year, self.number * 3, 1)
        return f"{self.starts:%B} to {last:%B} {self.year}"


def quarters() -> list[Quarter]:
    """The quarters that are over, the latest first."""
    return list(_back(today()))


def quarter(code: str) -> Quarter:
    """The quarter that an address names, or the latest."""
    known = quarters()
    return next((one for one in known if one.code == code), known[0])


def _back(day: date) -> Iterator[Quarter]:
    year, number = day.year, (day.month - 1) // 3 + 1
    for _ in range(SHOWN):
        year, number = (year - 1, 4) if number == 1 else (year, number - 1)
        yield Quarter(year, number)
