"""Everything that one run has found, by size of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from statistics import fmean, median

from config.benchmark.day import Opening
from config.benchmark.measure import Difference, Ratio, Samples
from config.benchmark.pages import Page
from config.benchmark.statements import Count
from config.benchmark.writes import Logging, Withdrawing


@dataclass
class Sized:
    """What was found in the world of one size. What was not measured is none, or empty."""

    people: int
    seconds: float
    """How long the world took to make; 0 when it was kept."""
    users: int
    """Users who were to be measured."""
    connections: str = ""
    """How the product comes by a connection for a request, and what a new one costs."""
    lists: Samples | None = None
    counts: bool = False
    """Whether the product's list gives a capped count."""
    queries: dict[str, Count] = field(default_factory=dict)
    buffers: dict[str, float] = field(default_factory=dict)
    depth: Ratio | None = None
    deep_row: int = 0
    search: Samples | None = None
    logging: Logging | None = None
    withdrawing: Withdrawing | None = None
    person_page: list[Count] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    day: dict[str, Opening] = field(default_factory=dict)
    """By name of the page: those in which a day is spent."""

    def ratio(self, over: str, under: str, share: float = 1) -> Ratio | None:
        """How many times as long `over` takes, for all users or the narrowest share of them."""
        if self.lists is None:
            return None
        places = range(max(1, int(share * len(self.lists.users))))
        # The same figures whenever they are asked for.
        return self.lists.ratio(over, under, Random(0), places if share < 1 else None)  # noqa: S311

    def mean(self, name: str) -> float | None:
        """The mean seconds of a contender; none where it was not asked."""
        found = self.lists.of(name) if self.lists is not None else []
        return fmean(found) if found else None

    def median(self, name: str) -> float | None:
        """The median seconds of a contender; none where it was not asked."""
        found = self.lists.of(name) if self.lists is not None else []
        return median(found) if found else None


@dataclass
class Results:
    """One run."""

    sizes: dict[int, Sized] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    lapsed: int = 0
    """Of those, how many met an end of something between two askings, and were right."""

    @property
    def failed(self) -> list[str]:
        """The pages of a day that somebody did not get: which, who, and what instead."""
        return [
            f"{name}, {said}"
            for one in self.sizes.values()
            for name, page in one.day.items()
            for said in page.failed
        ]

    @property
    def largest(self) -> Sized:
        """The largest world of the run."""
        return self.sizes[max(self.sizes)]
