"""Which page of a list an address asks for."""

from __future__ import annotations

MOST = 4000
"""No list is read further: it is narrowed instead."""


def page_number(typed: str) -> int:
    """The page that somebody asks for; the first when it is no number of a page."""
    # Longer ones are no pages, and Python refuses to read the longest.
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 9):
        return 1
    return min(max(1, int(typed)), MOST)
