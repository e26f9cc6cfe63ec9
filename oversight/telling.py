"""One event with the names of those in it, ready to be told; kinds of information in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from access.categories import ALL, EVERY, LABELS, Category, from_bits, in_order
from audit.models import Event
from core.forms import lower_first
from oversight.names import Names


@dataclass(frozen=True, slots=True)
class Telling:
    """One event and the names of those in it."""

    event: Event
    names: Names

    @property
    def categories(self) -> str:
        """The kinds of information that it is about, in words."""
        return categories(self.event.categories)

    def agency(self, key: str = "agency") -> str:
        """The agency that a detail names."""
        return self.names.agency(self.event.detail.get(key))

    def user(self, key: str = "user") -> str:
        """The user whom a detail names."""
        return self.names.user(self.event.detail.get(key))

    def code(self, key: str, words: Mapping[str, str]) -> str:
        """A code of the detail in words."""
        value = str(self.event.detail.get(key) or "")
        return lower_first(str(words.get(value, value.replace("_", " "))))

    @property
    def owner(self) -> str:
        """The user whose account it is about."""
        return self.names.user(self.event.subject_id)

    @property
    def recipient(self) -> str:
        """A worker of an agency, or the agency itself."""
        worker = self.event.detail.get("worker")
        agency = self.agency()
        return f"{self.names.user(worker)} of {agency}" if worker else agency


def categories(bits: int) -> str:
    """Kinds of information in words; "nothing" for none."""
    return categories_of(from_bits(bits))


def categories_of(some: Iterable[Category]) -> str:
    """A set of kinds of information in words."""
    wanted = frozenset(some)
    if wanted == EVERY:
        return "everything"
    if wanted == ALL:
        return "everything but enforcement tasks"
    return ", ".join(lower_first(LABELS[one]) for one in in_order(wanted)) or "nothing"
