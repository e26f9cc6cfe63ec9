"""When things happen in the demo: days before the day on which it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.clock import LONDON

LATEST = timedelta(minutes=2)
"""Nothing in the demo has happened later than this before it is loaded."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The present of the demo, and how far back its moments lie."""

    now: datetime

    @property
    def today(self) -> date:
        """The day on which the demo is loaded, in London."""
        return self.now.astimezone(LONDON).date()

    def day(self, ago: int) -> date:
        """The date so many days ago; a negative number is a day to come."""
        return self.today - timedelta(days=ago)

    def at(self, ago: int, clock: str = "10:00") -> datetime:
        """A time of day in London so many days ago, never after the present."""
        moment = datetime.combine(self.day(ago), time.fromisoformat(clock), tzinfo=LONDON)
        return min(moment.astimezone(UTC), self.now - LATEST)

    def before(self, **span: int) -> datetime:
        """A moment just past: `before(minutes=40)`."""
        return self.now - timedelta(**span)

    def weekday(self, ago: int) -> int:
        """So many days ago, or the Friday before when that is a weekend."""
        return ago + max(0, self.day(ago).weekday() - 4)
