"""Keys, references and times that follow from a seed alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from core.ids import ALPHABET, LENGTH, check_letter

BORN_MS = 1_767_225_600_000
"""The instant in every synthetic key: the first of January 2026, and then counting up."""

_BODIES = len(ALPHABET) ** (LENGTH - 1)
_STRIDE = 7_654_321
"""Shares no factor with the number of bodies, so that the walk meets each of them once."""


class Keys:
    """UUIDv7-shaped keys, each later than the one before."""

    def __init__(self, random: Random) -> None:
        self._bits = random.getrandbits
        # Each seed in a stretch of its own, so that two worlds in one database don't meet.
        self._count = BORN_MS * 64 + random.getrandbits(34) * 64

    def __call__(self) -> str:
        """The next key, as 32 hexadecimal digits."""
        self._count += 1
        bits = self._bits(74)
        return (
            f"{self._count >> 6:012x}7{bits & 0xFFF:03x}"
            f"{0x8000 | (bits >> 12) & 0x3FFF:04x}{bits >> 26:012x}"
        )


class References:
    """References of one kind, none of them twice and none that is taken."""

    def __init__(self, prefix: str, random: Random, taken: set[str]) -> None:
        self._prefix = prefix
        self._place = random.randrange(_BODIES)
        self._taken = taken

    def __call__(self) -> str:
        """The next reference, its check letter right."""
        while True:
            self._place = (self._place + _STRIDE) % _BODIES
            body, rest = "", self._place
            for _ in range(LENGTH - 1):
                rest, sign = divmod(rest, len(ALPHABET))
                body += ALPHABET[sign]
            letter = check_letter(body)
            reference = f"{self._prefix}-{body}{letter}"
            if letter and reference not in self._taken:
                return reference


class Days:
    """Text of times and dates, by days before the day on which the world is made."""

    LONGEST = 1500

    def __init__(self, today: date, random: Random) -> None:
        self.today = today
        self._random = random
        self._days = [(today - timedelta(days=ago)).isoformat() for ago in range(self.LONGEST)]
        self._coming = [(today + timedelta(days=to)).isoformat() for to in range(self.LONGEST)]
        self._clocks = [
            f" {hour:02}:{minute:02}:00+00" for hour in range(8, 19) for minute in range(0, 60, 5)
        ]

    @property
    def midnight(self) -> datetime:
        """The beginning of the day on which the world is made."""
        return datetime.combine(self.today, time(), tzinfo=UTC)

    def day(self, ago: int) -> str:
        """A date; a negative number of days is to come."""
        return self._days[ago] if ago >= 0 else self._coming[-ago]

    def start(self, ago: int) -> str:
        """Early on a day: before anything else that happens on it."""
        return f"{self.day(ago)} 00:05:00+00"

    def at(self, ago: int) -> str:
        """Some time of a day that is over."""
        clocks = self._clocks
        return self.day(max(ago, 1)) + clocks[int(self._random.random() * len(clocks))]
