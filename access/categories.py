"""The categories of personal information: every personal field and record belongs to one.

Source: the access design, "Categories". A set of categories is kept in the database as
an integer in which each category has one bit, so that the scope can cut and unite sets
where the rows are. The order below fixes the bits: append, never reorder.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache


class Category(StrEnum):
    """One kind of personal information, seen or hidden as a whole."""

    POINTER = "pointer"
    IDENTITY = "identity"
    CONTACT = "contact"
    SAFE_ADDRESS = "safe_address"
    SAFETY = "safety"
    EDUCATION = "education"
    EXITING_GANG = "exiting_gang"
    HARM = "harm"
    OFFENDING = "offending"
    HOUSING = "housing"
    HEALTH = "health"
    RELATIONSHIPS = "relationships"
    FAMILY = "family"
    EMPLOYMENT = "employment"
    CLINICAL = "clinical"
    TASKING = "tasking"
    ENFORCEMENT = "enforcement"


LABELS: dict[Category, str] = {
    Category.POINTER: "Who and whom to ask",
    Category.IDENTITY: "Identity",
    Category.CONTACT: "Contact",
    Category.SAFE_ADDRESS: "Safe address",
    Category.SAFETY: "Keeping safe",
    Category.EDUCATION: "Education",
    Category.EXITING_GANG: "Exiting a gang",
    Category.HARM: "Harm from gangs",
    Category.OFFENDING: "Offending behaviour",
    Category.HOUSING: "Housing",
    Category.HEALTH: "Health and wellbeing",
    Category.RELATIONSHIPS: "Relationships",
    Category.FAMILY: "Family",
    Category.EMPLOYMENT: "Employment and training",
    Category.CLINICAL: "Therapy notes",
    Category.TASKING: "Tasking",
    Category.ENFORCEMENT: "Enforcement tasks",
}
"""What each category is called on pages for staff."""

COMPONENTS: tuple[Category, ...] = (
    Category.EXITING_GANG,
    Category.HARM,
    Category.OFFENDING,
    Category.HOUSING,
    Category.HEALTH,
    Category.RELATIONSHIPS,
    Category.FAMILY,
    Category.EMPLOYMENT,
)
"""The eight components of the plan, in the source's order."""

NONE: frozenset[Category] = frozenset()
EVERY: frozenset[Category] = frozenset(Category)
ALL: frozenset[Category] = EVERY - {Category.ENFORCEMENT}
"""What the bases' table calls "all": every category but enforcement."""

_BITS: dict[str, int] = {category.value: 1 << place for place, category in enumerate(Category)}
_CATEGORIES_BY_BIT = tuple((1 << place, category) for place, category in enumerate(Category))


def known(names: Iterable[str]) -> frozenset[Category]:
    """The categories among `names`; a name that is no category is left out, as unknown is no."""
    return frozenset(Category(name) for name in names if name in _BITS)


def to_bits(categories: Iterable[Category | str]) -> int:
    """The integer that stands for a set of categories.

    Raises KeyError for a name that is no category.
    """
    return _to_bits(frozenset(categories))


@lru_cache(maxsize=4096)
def _to_bits(categories: frozenset[Category | str]) -> int:
    bits = 0
    for category in categories:
        bits |= _BITS[category]
    return bits


@lru_cache(maxsize=4096)
def from_bits(bits: int) -> frozenset[Category]:
    """The set of categories that an integer stands for; bits of no category are ignored."""
    return frozenset(category for bit, category in _CATEGORIES_BY_BIT if bits & bit)


def in_order(categories: Iterable[Category]) -> list[Category]:
    """The categories in the order in which pages show them."""
    return list(_in_order(frozenset(categories)))


@lru_cache(maxsize=4096)
def _in_order(wanted: frozenset[Category]) -> tuple[Category, ...]:
    return tuple(category for category in Category if category in wanted)


def names_in_order(categories: Iterable[Category]) -> list[str]:
    """Their names, in the same order."""
    return list(_names_in_order(frozenset(categories)))


@lru_cache(maxsize=4096)
def _names_in_order(wanted: frozenset[Category]) -> tuple[str, ...]:
    return tuple(category.value for category in _in_order(wanted))
