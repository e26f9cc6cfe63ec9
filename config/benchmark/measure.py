"""Measuring side by side: every contender for the same user within moments, in shuffled order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from statistics import median
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from config.benchmark.doors import Doors
from config.benchmark.floor import Seen
from config.benchmark.users import User

RESAMPLES = 1000
SELDOM = 4
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to give a user an answer."""

    name: str
    ask: Callable[[User], Any]
    """What is timed."""
    read: Callable[[Any], Seen] | None = None
    """What of its answer is compared; none for a contender that can't be."""
    floor: str | None = None
    """The contender whose answer must be the same."""
    door: BaseDatabaseWrapper | None = None
    """Through which connection Django asks, if it does."""
    within: Callable[[User], AbstractContextManager[Any]] | None = None
    """In what it is asked, and which is not timed."""
    as_at: Callable[[User, datetime], Seen] | None = None
    """Of a floor: what was right at an instant, whatever the clock says now."""
    seldom: bool = False
    """Asked for one user in `SELDOM`, beginning with the first: it takes as long as all others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer, and when it was asked for."""

    answer: Any
    begun: datetime
    ended: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer of ours that is not the floor's."""

    contender: str
    username: str
    role: str
    row: int
    """The first row that differs, from 0; the length of the shorter answer if one ends early."""
    ours: str
    floor: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one contender takes as another, for the same users."""

    value: float
    """The median of the paired ratios."""
    low: float
    high: float
    """Confidence interval of that median, by bootstrap."""
    pairs: int


@dataclass
class Samples:
    """What was measured in one world: seconds, by contender and turn."""

    users: list[User]
    seconds: dict[str, dict[tuple[int, int], float]] = field(default_factory=dict)
    """By contender: (round, place of the user) to seconds."""
    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    lapsed: int = 0
    """Answers that were right when they were given, and no longer when the floor was asked."""
    places: set[int] = field(default_factory=set)
    """Of the users who had at least one turn."""

    @property
    def asked(self) -> int:
        """How many users had at least one turn."""
        return len(self.places)

    def of(self, name: str, places: Iterable[int] | None = None) -> list[float]:
        """The seconds of a contender, for all users or those at some places."""
        wanted = None if places is None else set(places)
        return [
            seconds
            for (_, place), seconds in self.seconds.get(name, {}).items()
            if wanted is None or place in wanted
        ]

    def ratio(
        self, over: str, under: str, random: Random, places: Iterable[int] | None = None
    ) -> Ratio | None:
        """How many times as long `over` takes as `under`; none where either was not asked."""
        wanted = None if places is None else set(places)
        first, second = self.seconds.get(over, {}), self.seconds.get(under, {})
        return ratio_of(
            [
                first[turn] / second[turn]
                for turn in first
                if turn in second and (wanted is None or turn[1] in wanted)
            ],
            random,
        )


def ratio_of(pairs: list[float], random: Random) -> Ratio | None:
    """The median of paired ratios with its confidence interval; none without pairs."""
    if not pairs:
        return None
    medians = sorted(median(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    outside = (1 - CONFIDENCE) / 2
    return Ratio(
        median(pairs),
        medians[int(RESAMPLES * outside)],
        medians[int(RESAMPLES * (1 - outside)) - 1],
        len(pairs),
    )


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def interleave(
    users: list[User],
    contenders: list[Contender],
    doors: Doors,
    random: Random,
    *,
    rounds: int,
    until: float,
) -> Samples:
    """Have every contender answer every user, in shuffled order, and compare the answers.

    Ends after so many rounds, or, between two users, when `time.monotonic()` has passed `until`.
    """
    samples = Samples(users)
    for contender in contenders:
        samples.seconds[contender.name] = {}
    for number in range(rounds):
        places = list(range(len(users)))
        random.shuffle(places)
        for place in places:
            if time.monotonic() > until and samples.asked:
                return samples
            answers: dict[str, Asked] = {}
            for contender in random.sample(contenders, len(contenders)):
                measured = samples.seconds[contender.name]
                if contender.seldom and measured and (place + number) % SELDOM:
                    continue
                asked = answers[contender.name] = timed(contender, users[place], doors)
                measured[number, place] = asked.seconds
            judge(samples, contenders, users[place], answers)
            samples.places.add(place)
    return samples


def timed(contender: Contender, user: User, doors: Doors) -> Asked:
    """A contender's answer, and how long it took."""
    within = contender.within(user) if contender.within is not None else nullcontext()
    with doors.through(contender.door) if contender.door is not None else nullcontext(), within:
        at, begun = datetime.now(UTC), time.perf_counter()
        answer = contender.ask(user)
        seconds = time.perf_counter() - begun
    return Asked(answer, at, datetime.now(UTC), seconds)


def judge(
    samples: Samples, contenders: list[Contender], user: User, answers: dict[str, Asked]
) -> None:
    """Note every answer that differs from the floor's.

    Time passes between the two. Where an involvement ends in it, both are right: an answer may
    be the floor's as at the instant when it was asked for, or when it was given. One that shows
    what had ended before it was asked for is neither.
    """
    by_name = {contender.name: contender for contender in contenders}
    for contender in contenders:
        if contender.read is None or contender.floor is None:
            continue
        samples.compared += 1
        asked = answers[contender.name]
        ours, floor = contender.read(asked.answer), answers[contender.floor].answer
        if ours == floor:
            continue
        then = by_name[contender.floor].as_at
        if then is not None and ours in (then(user, asked.begun), then(user, asked.ended)):
            samples.lapsed += 1
        else:
            samples.differences.append(_difference(contender.name, user, ours, floor))


def _difference(name: str, user: User, ours: Seen, floor: Seen) -> Difference:
    shorter = min(len(ours), len(floor))
    row = next((place for place in range(shorter) if ours[place] != floor[place]), shorter)
    return Difference(name, user.username, user.hat.role, row, _row(ours, row), _row(floor, row))


def _row(seen: Seen, place: int) -> str:
    return repr(seen[place]) if place < len(seen) else "nothing"
