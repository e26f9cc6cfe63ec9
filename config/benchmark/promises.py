"""What is promised, as data: each promise with its bound and how its figure is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from config.benchmark.lists import (
    CASES_LIST,
    COUNT,
    COUNT_ALONE,
    GUARDIAN,
    GUARDIAN_COUNT,
    ONE_WORD,
    PEOPLE_LIST,
    PROBES,
    TWO_WORDS,
    USUAL,
    Listing,
    without_wall,
)
from config.benchmark.measure import Ratio, percentile
from config.benchmark.results import Results, Sized

SMALL, MIDDLE, LARGE = 10_000, 100_000, 1_000_000
PROMISED = (SMALL, MIDDLE, LARGE)
"""The sizes at which lists are promised."""
FEW = 0.1
"""The share of users, the narrowest, who count as workers with few people."""
FEWEST_PAIRS = 20
"""With fewer a figure is told as what it is: a first look."""
LARGEST_PAGE = 60_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What was found; no value where nothing could be measured, and then why."""

    value: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""

    @classmethod
    def of(cls, ratio: Ratio | None, otherwise: str, words: str = "") -> Figure:
        """A ratio with its interval, or why there is none."""
        if ratio is None:
            return cls(None, words=otherwise)
        if ratio.pairs < FEWEST_PAIRS:
            words = "; ".join(filter(None, (words, f"of {ratio.pairs} pairs only")))
        return cls(ratio.value, ratio.low, ratio.high, words)


Found = Callable[[Results], Figure]


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the table."""

    name: str
    words: str
    limit: float
    figure: Found
    at_least: bool = False

    @property
    def bound(self) -> str:
        """The bound in words."""
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"

    def verdict(self, figure: Figure) -> str:
        """`pass`, `short` or `not measured`."""
        if figure.value is None:
            return "not measured"
        kept = figure.value >= self.limit if self.at_least else figure.value <= self.limit
        return "pass" if kept else "short"


def _not_run(results: Results, size: int) -> str:
    return f"no world of {size:,} was measured: --people {size}"


def _ratio_at(size: int, over: str, under: str, share: float = 1) -> Found:
    """A ratio in the world of one size; elsewhere it is told, and counts for nothing."""

    def found(results: Results) -> Figure:
        if size in results.sizes:
            return Figure.of(results.sizes[size].ratio(over, under, share), "lists not measured")
        largest = results.largest
        there = largest.ratio(over, under, share)
        told = f"; at {largest.people:,} it is {there.value:.3g}" if there else ""
        return Figure(None, words=_not_run(results, size) + told)

    return found


def _with_count(size: int, over: str) -> Found:
    """Against our list with its capped count; of no value while the list gives none."""

    def found(results: Results) -> Figure:
        here = results.sizes.get(size, results.largest)
        if not here.counts:
            bare = here.ratio(over, PEOPLE_LIST.name)
            told = f"; the list alone, at {here.people:,}: {bare.value:.3g}" if bare else ""
            return Figure(None, words="the product's list gives no capped count" + told)
        return _ratio_at(size, over, COUNT)(results)

    return found


def _throughput(over: str) -> Found:
    """Requests a second of ours, as a share of the other's: the mean times, turned over."""

    def found(results: Results) -> Figure:
        here = results.sizes.get(LARGE, results.largest)
        other, own = here.mean(over), here.mean(PEOPLE_LIST.name)
        value = other / own if other and own else None
        if LARGE in results.sizes:
            return Figure(value, words="one process, one request at a time")
        told = f"; at {here.people:,} it is {value:.3g}" if value else ""
        return Figure(None, words=_not_run(results, LARGE) + told)

    return found


def _growth(listing: Listing) -> Found:
    def found(results: Results) -> Figure:
        medians = {size: one.median(listing.name) for size, one in results.sizes.items()}
        known = {size: seconds for size, seconds in sorted(medians.items()) if seconds}
        if SMALL in known and LARGE in known:
            return Figure(known[LARGE] / known[SMALL])
        told = ""
        if len(known) > 1:
            first, last = min(known), max(known)
            told = f"; from {first:,} to {last:,} it is {known[last] / known[first]:.3g}"
        return Figure(None, words=f"needs {SMALL:,} and {LARGE:,} in one run{told}")

    return found


def _worst(figure: Callable[[Sized], Figure]) -> Found:
    """The worst of all sizes measured: for what is promised at any size, the higher the worse."""

    def found(results: Results) -> Figure:
        figures = [(figure(one), size) for size, one in results.sizes.items()]
        known = [(one.value, one, size) for one, size in figures if one.value is not None]
        if not known:
            return figures[0][0]
        _, worst, size = max(known, key=lambda triple: triple[0])
        words = "; ".join(filter(None, (f"at {size:,}", worst.words)))
        return Figure(worst.value, worst.low, worst.high, words)

    return found


def _depth(one: Sized) -> Figure:
    return Figure.of(one.depth, "nobody has a deep page", f"the page after row {one.deep_row:,}")


def _queries(one: Sized) -> Figure:
    counts = {listing: one.queries.get(listing.name) for listing in (PEOPLE_LIST, CASES_LIST)}
    known = {listing: count for listing, count in counts.items() if count is not None}
    if not known:
        return Figure(None, words="queries not counted")
    told = ", ".join(
        f"{listing.path} {count.for_content} of {count.every} in all"
        for listing, count in known.items()
    )
    return Figure(max(count.for_content for count in known.values()), words=told)


def _logged(one: Sized) -> Figure:
    if one.logging is None:
        return Figure(None, words="writes not measured")
    call = one.logging.call
    told = f"the action; the whole call of the API is {call.value:.3g}" if call else "the action"
    return Figure.of(one.logging.action, "nobody leads a case", told)


def _withdrawn(one: Sized) -> Figure:
    done = one.withdrawing
    if done is None:
        return Figure(None, words="writes not measured")
    told = f"on the next request in {done.effective} of {done.tried}"
    if done.effective < done.tried:
        return Figure(float("inf"), words=told)
    return Figure.of(done.action, "nobody has a consent to withdraw", told)


def _search_behind_wall(one: Sized) -> Figure:
    if one.search is None:
        return Figure(None, words="search not measured")
    ratio = one.search.ratio(ONE_WORD, f"{ONE_WORD}, without the wall", Random(0))  # noqa: S311
    return Figure.of(ratio, "search not measured")


def _two_words(results: Results) -> Figure:
    here = results.sizes.get(LARGE, results.largest)
    if here.search is None or not here.search.of(TWO_WORDS):
        return Figure(None, words="search not measured")
    ours, probes = (percentile(here.search.of(name), 0.95) for name in (TWO_WORDS, PROBES))
    if LARGE in results.sizes:
        return Figure(probes / ours)
    told = f"; at {here.people:,} it is {probes / ours:.3g}"
    return Figure(None, words=_not_run(results, LARGE) + told)


def _person_page(one: Sized) -> Figure:
    if not one.person_page:
        return Figure(None, words="the person page was not asked for")
    most = max(count.for_content for count in one.person_page)
    return Figure(most, words=f"{max(count.every for count in one.person_page)} in all")


def _person_page_flat(results: Results) -> Figure:
    most = {
        size: max(count.for_content for count in one.person_page)
        for size, one in results.sizes.items()
        if one.person_page
    }
    if len(most) < 2:
        return Figure(None, words="needs two sizes in one run")
    return Figure(most[max(most)] - most[min(most)], words=f"{most}")


def _page_size(one: Sized) -> Figure:
    if not one.pages:
        return Figure(None, words="no pages asked for")
    worst = max(one.pages, key=lambda page: page.size)
    return Figure(worst.size, words=f"{worst.path} of a {worst.role}")


def _elsewhere(one: Sized) -> Figure:
    if not one.pages:
        return Figure(None, words="no pages asked for")
    return Figure(max(len(page.elsewhere) for page in one.pages))


def _stylesheets(one: Sized) -> Figure:
    if not one.pages:
        return Figure(None, words="no pages asked for")
    return Figure(max(page.stylesheets for page in one.pages))


def _scripts(one: Sized) -> Figure:
    if not one.pages:
        return Figure(None, words="no pages asked for")
    return Figure(max(page.scripts for page in one.pages))


def promises(measured: Iterable[int]) -> list[Promise]:
    """The table, for the sizes promised and any others that were measured."""
    table: list[Promise] = []
    for size in sorted({*PROMISED, *measured}):
        for kind, one in (("people", PEOPLE_LIST), ("cases", CASES_LIST)):
            table += [
                Promise(f"list-{kind}-{size}", f"list of {kind} against the floor, at {size:,}",
                        1.75, _ratio_at(size, without_wall(one), one.floor)),
                Promise(f"wall-{kind}-{size}", f"the same behind row-level security, at {size:,}",
                        2.5, _ratio_at(size, one.name, one.floor)),
            ]  # fmt: skip
    return table + [
        Promise("growth-people", "growth of the list of people, 10 k to 1 M", 1.3,
                _growth(PEOPLE_LIST)),
        Promise("growth-cases", "growth of the list of cases, 10 k to 1 M", 1.3,
                _growth(CASES_LIST)),
        Promise("depth", "keyset page at any depth against the first", 1.5, _worst(_depth)),
        Promise("guardian", "guardian's list against ours, at 1 M", 12,
                _ratio_at(LARGE, GUARDIAN, PEOPLE_LIST.name), True),
        Promise("guardian-few", "the same for a worker with few people", 35,
                _ratio_at(LARGE, GUARDIAN, PEOPLE_LIST.name, FEW), True),
        Promise("usual-100000", "guardian as usual against list and count, at 100 k", 25,
                _with_count(MIDDLE, USUAL), True),
        Promise("usual-1000000", "the same at 1 M", 80, _with_count(LARGE, USUAL), True),
        Promise("count", "guardian's count against ours, capped at 1,000, at 1 M", 100,
                _ratio_at(LARGE, GUARDIAN_COUNT, COUNT_ALONE), True),
        Promise("throughput-guardian", "requests a second against guardian, at 1 M", 15,
                _throughput(GUARDIAN), True),
        Promise("throughput-floor", "requests a second against the floor, at 1 M", 0.4,
                _throughput(PEOPLE_LIST.floor), True),
        Promise("queries", "queries for a list", 3, _worst(_queries)),
        Promise("log", "logging an intervention with its audit record against the floor", 1.5,
                _worst(_logged)),
        Promise("withdrawal", "withdrawal of consent, effective at once, against a bare write", 2,
                _worst(_withdrawn)),
        Promise("search-wall", "search by name behind row-level security against without", 3.5,
                _worst(_search_behind_wall)),
        Promise("search-two-words",
                "a trigram probe for each word against two-word search, 95th percentile, at 1 M",
                5, _two_words, True),
        Promise("person-page", "queries of the whole person page", 12, _worst(_person_page)),
        Promise("person-page-flat", "more of them in the largest world than in the smallest", 0,
                _person_page_flat),
        Promise("page-size", "bytes of HTML of a page", LARGEST_PAGE, _worst(_page_size)),
        Promise("page-hosts", "requests of a page to another host", 0, _worst(_elsewhere)),
        Promise("page-stylesheets", "style sheets for which a page waits", 1,
                _worst(_stylesheets)),
        Promise("page-scripts", "scripts for which a page waits", 2, _worst(_scripts)),
    ]  # fmt: skip
