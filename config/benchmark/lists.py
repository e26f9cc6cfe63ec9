"""The lists and their contenders, and what else is asked of them: counts, depth, search."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlencode

from config.benchmark import floor as floors
from config.benchmark import guardian, ours, statements
from config.benchmark.doors import Doors
from config.benchmark.floor import Floor
from config.benchmark.measure import (
    Contender,
    Difference,
    Ratio,
    Samples,
    interleave,
    judge,
    ratio_of,
    timed,
)
from config.benchmark.ours import Answer, Product
from config.benchmark.users import User, spread
from config.population import names

PEOPLE, CASES = "/api/v1/people/", "/api/v1/cases/"
BROADEST = 6
"""Users whose deep pages are asked for."""
DEEP = 8
"""Pages of a hundred that are turned before a page is called deep."""
GUARDIAN, USUAL, GUARDIAN_COUNT = "guardian, tuned", "guardian, usual", "guardian, count"
GUARDIAN_KEYS = "guardian, keys and names alone"
COUNT = "ours, people by token with their count"
COUNT_ALONE = "ours, count"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of ours, beside its floor."""

    name: str
    floor: str
    path: str
    page: bool
    """Whether it is a page with a session, or a call with a token."""

    def ask(self, product: Product, user: User) -> Answer:
        """The list, as this user gets it."""
        return (product.by_session if self.page else product.by_token)(user, self.path)


PEOPLE_LIST = Listing("ours, people by token", "floor, people", PEOPLE, False)
CASES_LIST = Listing("ours, cases by token", "floor, cases", CASES, False)
PEOPLE_PAGE = Listing("ours, page of people", "floor, people by name", "/people/", True)
CASES_PAGE = Listing("ours, page of cases", "floor, cases by opening", "/cases/", True)
LISTINGS = (PEOPLE_LIST, CASES_LIST, PEOPLE_PAGE, CASES_PAGE)
_STATEMENTS = {
    PEOPLE_LIST: floors.PEOPLE_BY_KEY,
    CASES_LIST: floors.CASES_BY_KEY,
    PEOPLE_PAGE: floors.PEOPLE_LINES,
    CASES_PAGE: floors.CASES_LINES,
}
_READERS = {
    PEOPLE_LIST: ours.people,
    CASES_LIST: ours.cases,
    PEOPLE_PAGE: ours.people_page,
    CASES_PAGE: ours.cases_page,
}


def without_wall(listing: Listing) -> str:
    """The name of the same list asked without row-level security."""
    return f"{listing.name}, without the wall"


@dataclass
class Asking:
    """One world, ready to be asked."""

    product: Product
    floor: Floor
    doors: Doors
    users: list[User]
    random: Random
    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    lapsed: int = 0

    def keep(self, samples: Samples) -> Samples:
        """Remember what was compared, whatever it was measured for."""
        self.differences += samples.differences
        self.compared += samples.compared
        self.lapsed += samples.lapsed
        return samples


def contenders(asking: Asking) -> list[Contender]:
    """Everybody who answers for a list."""
    floor, product, doors = asking.floor, asking.product, asking.doors
    found = [
        by_floor(floor, PEOPLE_LIST.floor, lambda user: floor.people(user.hat)),
        by_floor(floor, CASES_LIST.floor, lambda user: floor.cases(user.hat)),
        by_floor(floor, PEOPLE_PAGE.floor, lambda user: floor.people_lines(user.hat)),
        by_floor(floor, CASES_PAGE.floor, lambda user: floor.cases_lines(user.hat)),
        Contender(GUARDIAN, guardian.tuned, door=doors.plain),
        Contender(GUARDIAN_KEYS, guardian.keys, door=doors.plain),
        Contender(USUAL, guardian.usual, door=doors.plain, seldom=True),
        Contender(GUARDIAN_COUNT, guardian.counted, door=doors.plain),
    ]
    for listing in LISTINGS:
        ask = _asks(product, listing)
        read = _READERS[listing]
        found.append(Contender(listing.name, ask, read, listing.floor, doors.up))
        if not listing.page:
            name = without_wall(listing)
            found.append(Contender(name, ask, read, listing.floor, doors.down))
    if counts(asking):
        found.append(by_floor(floor, "floor, count", lambda user: ((floor.count(user.hat),),)))
        found.append(
            Contender(COUNT, lambda user: product.by_token(user, f"{PEOPLE}?count=1"), _count,
                      "floor, count", doors.up)
        )  # fmt: skip
        found.append(
            Contender(COUNT_ALONE, product.count, lambda words: ((words.replace(",", ""),),),
                      "floor, count", doors.up, within=product.known)
        )  # fmt: skip
    return found


def by_floor(floor: Floor, name: str, ask: Callable[[User], floors.Seen]) -> Contender:
    """One of the floor's answers, which can also be had as at an earlier instant."""

    def as_at(user: User, instant: datetime) -> floors.Seen:
        with floor.as_at(instant):
            return ask(user)

    return Contender(name, ask, as_at=as_at)


def _asks(product: Product, listing: Listing) -> Any:
    return lambda user: listing.ask(product, user)


def counts(asking: Asking) -> bool:
    """Whether the product's list gives a capped count at all."""
    with asking.doors.through(asking.doors.up):
        answer = asking.product.by_token(asking.users[-1], f"{PEOPLE}?count=1")
    return answer.status == 200 and "count" in json.loads(answer.body)


def _count(answer: Answer) -> floors.Seen:
    if answer.status != 200:
        return ours.failed(answer)
    return ((str(json.loads(answer.body)["count"]).replace(",", ""),),)


def queries(asking: Asking, until: float) -> dict[str, statements.Count]:
    """By list: the most statements that any of some users' requests make."""
    most: dict[str, statements.Count] = {}
    doors = asking.doors
    for user in _while_time(spread(asking.users, 8), asking, until):
        with doors.through(doors.up):
            for one in LISTINGS:
                here = statements.count(doors.up, partial(one.ask, asking.product, user))
                before = most.get(one.name, here)
                most[one.name] = statements.Count(
                    max(before.every, here.every), max(before.for_content, here.for_content)
                )
    return most


def buffers(asking: Asking, until: float) -> dict[str, float]:
    """By contender: pages of 8 kB touched, the median over users from narrow to broad."""
    found: dict[str, list[int]] = defaultdict(list)
    doors = asking.doors
    for user in _while_time(spread(asking.users, 5), asking, until):
        for one, statement in _STATEMENTS.items():
            found[one.floor].append(asking.floor.buffers(statement, user.hat))
            with doors.through(doors.up):
                ask = partial(one.ask, asking.product, user)
                found[one.name].append(statements.buffers(doors.up, ask))
        with doors.through(doors.plain):
            ask_guardian = partial(guardian.tuned, user)
            found[GUARDIAN].append(statements.buffers(doors.plain, ask_guardian))
    return {name: median(touched) for name, touched in found.items()}


def _while_time(users: list[User], asking: Asking, until: float) -> Iterator[User]:
    """Some users in shuffled order, until the time is over; one at least."""
    for place, user in enumerate(asking.random.sample(users, len(users))):
        if place and time.monotonic() > until:
            return
        yield user


def depth(asking: Asking, until: float) -> tuple[Ratio | None, int]:
    """A deep page of the list of people against the first, and the row at which it begins.

    The broadest users only: nobody else has a deep page. Its rows are the floor's, too.
    """
    pairs: list[float] = []
    begins = 0
    for user in reversed(asking.users[-BROADEST:]):
        if pairs and time.monotonic() > until:
            break
        with asking.doors.through(asking.doors.up):
            path, turned = _deep(asking.product, user)
        if turned == 0:
            continue
        begins = max(begins, 100 * turned)
        deep = _paged(asking, path, 100 * turned)
        first = _paged(asking, f"{PEOPLE}?page_size={floors.PAGE}", 0)
        samples = asking.keep(
            interleave([user] * 4, [*deep, *first], asking.doors, asking.random, rounds=1,
                       until=until)
        )  # fmt: skip
        slow, quick = samples.seconds[deep[0].name], samples.seconds[first[0].name]
        pairs += [slow[turn] / quick[turn] for turn in slow]
    return ratio_of(pairs, asking.random), begins


def _deep(product: Product, user: User) -> tuple[str, int]:
    """The address of a page as deep as this user has one, and how many hundreds are before it."""
    path, turned = f"{PEOPLE}?page_size=100", 0
    while turned < DEEP:
        answer = product.by_token(user, path)
        following = json.loads(answer.body).get("next") if answer.status == 200 else None
        if not following:
            break
        path, turned = following, turned + 1
    return path.replace("page_size=100", f"page_size={floors.PAGE}"), turned


def _paged(asking: Asking, path: str, after: int) -> list[Contender]:
    """A page by its address, and the floor's rows after so many others."""

    def rows(user: User) -> floors.Seen:
        found = asking.floor.people(user.hat, size=after + floors.PAGE)
        return found[after:]

    name = f"rows after {after}"
    return [
        Contender(
            f"ours, {name}", lambda user: asking.product.by_token(user, path), ours.people,
            f"floor, {name}", asking.doors.up,
        ),
        by_floor(asking.floor, f"floor, {name}", rows),
    ]  # fmt: skip


ONE_WORD, TWO_WORDS = "search, one word", "search, two words"
PROBES = "one trigram probe for each word"


def search(asking: Asking, seconds: float) -> Samples:
    """Searching by one word with and without the wall, and by two words beside the floor's."""
    random, product, floor = asking.random, asking.product, asking.floor
    words = {
        user.username: (random.choice(names.GIVEN), random.choice(names.FAMILY))
        for user in asking.users
    }

    def ask(number: int) -> Any:
        return lambda user: product.by_session(
            user, "/people/?" + urlencode({"q": " ".join(words[user.username][:number])})
        )

    def probe(number: int) -> Any:
        return lambda user: floor.search(user.hat, list(words[user.username][:number]))

    found = [
        by_floor(floor, PROBES, probe(2)),
        by_floor(floor, f"{PROBES}, one", probe(1)),
        Contender(TWO_WORDS, ask(2), ours.people_page, PROBES, asking.doors.up),
        Contender(ONE_WORD, ask(1), ours.people_page, f"{PROBES}, one", asking.doors.up),
        Contender(f"{ONE_WORD}, without the wall", ask(1), ours.people_page, f"{PROBES}, one",
                  asking.doors.down),
    ]  # fmt: skip
    warm_up(asking, found)
    some = spread(asking.users, 60)
    opened_before(asking, found, some, time.monotonic() + seconds)
    until = time.monotonic() + seconds
    return asking.keep(interleave(some, found, asking.doors, random, rounds=1, until=until))


WARM = 10
"""So many users answer unmeasured: the driver has a statement prepared when it was sent three
times, and the database plans it for whoever asks five times more, before it keeps a plan."""

OPENED = {PEOPLE_LIST.floor, CASES_LIST.floor, PEOPLE_LIST.name, CASES_LIST.name, GUARDIAN}
"""By whom all users' lists are asked for before they are measured."""


def warm_up(asking: Asking, some: list[Contender]) -> None:
    """Have everybody answer some users first, unmeasured, but compared."""
    for user in spread(asking.users, WARM):
        _ask(asking, some, user)


def opened_before(asking: Asking, some: list[Contender], users: list[User], until: float) -> None:
    """Have each of these users answered once by each of these contenders, until then.

    A worker opens her caseload forty times a day. What nobody has asked for since the database
    began comes from a disk instead: that is so of a world just opened, and of a caseload at night.
    """
    # From the narrowest to the broadest again and again, so that all sorts are among them.
    for first in range(WARM):
        for user in users[first::WARM]:
            if time.monotonic() > until:
                return
            _ask(asking, some, user)


def _ask(asking: Asking, some: list[Contender], user: User) -> None:
    samples = Samples([user])
    judge(samples, some, user, {one.name: timed(one, user, asking.doors) for one in some})
    asking.keep(samples)
