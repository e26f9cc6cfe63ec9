"""The instant of the work in hand: one per transaction, so that all its parts agree.

The rule, the scope and the database's policies read this instant, never the time of day
at which they happen to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")

_instant: ContextVar[datetime | None] = ContextVar("instant", default=None)


def instant() -> datetime:
    """The aware UTC instant of the work in hand; the present when none was set."""
    return _instant.get() or timezone.now()


def today() -> date:
    """The date in London at that instant."""
    return instant().astimezone(LONDON).date()


@contextmanager
def at(moment: datetime | None = None) -> Iterator[datetime]:
    """Hold one instant, the present unless one is given, for all work inside."""
    held = moment or timezone.now()
    token = _instant.set(held)
    try:
        yield held
    finally:
        _instant.reset(token)
