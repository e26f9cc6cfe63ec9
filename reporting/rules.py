"""Small numbers: what must not be shown, and what would let it be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

THRESHOLD = 5
"""A number below this is not shown, zero included."""

FEW = f"fewer than {THRESHOLD}"
WITHHELD = "not shown"


@dataclass(frozen=True, slots=True)
class Table:
    """Counts as they may be shown: a number, "fewer than 5" or "not shown"."""

    cells: dict[str, str]
    total: str


def figure(number: int) -> str:
    """A number on its own."""
    return FEW if number < THRESHOLD else str(number)


def suppress(counts: Mapping[str, int]) -> Table:
    """Counts that add up to a total, so that no small one can be worked out from the rest.

    Small cells are hidden. Then the smallest of the others are hidden too, until every
    value below the threshold is still possible for each small cell, even for a reader who
    knows the total. Where that can't be had, the total and all cells are kept back.
    """
    total = sum(counts.values())
    small = {name for name, number in counts.items() if number < THRESHOLD}
    if not small:
        return Table({name: str(number) for name, number in counts.items()}, figure(total))
    others = sorted(counts.keys() - small, key=lambda name: (counts[name], name))
    hidden: set[str] = set()
    while not _is_safe(counts, small, hidden):
        if len(hidden) == len(others):
            cells = {name: FEW if name in small else WITHHELD for name in counts}
            return Table(cells, FEW if total < THRESHOLD else WITHHELD)
        hidden.add(others[len(hidden)])
    return Table(
        {
            name: FEW if name in small else WITHHELD if name in hidden else str(number)
            for name, number in counts.items()
        },
        figure(total),
    )


def _is_safe(counts: Mapping[str, int], small: set[str], hidden: set[str]) -> bool:
    """Whether each small cell may still be anything from 0 to the threshold, less one.

    A reader who knows the total knows the sum of all that is hidden; that a small cell is
    below the threshold, and that another hidden one is not.
    """
    most = THRESHOLD - 1
    # What the small cells and the surplus of the others over the threshold make together.
    spread = sum(counts[name] for name in small)
    spread += sum(counts[name] - THRESHOLD for name in hidden)
    if spread < most:
        return False
    # Without another hidden cell to take up the rest, the small ones must.
    return bool(hidden) or spread <= most * (len(small) - 1)
