"""The pages in which a day is spent, as those who use them open them: narrow and broad users.

No floor stands beside these. What is measured is how long they take, how many statements they
ask, and how much that grows from the smallest world to the largest.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from config.benchmark import statements
from config.benchmark.lists import PEOPLE, Asking
from config.benchmark.users import User, spread

USERS = 5
"""Of those who open a page so many, from the narrowest to the broadest."""
WORKS = ("practitioner", "manager")
PERSON = "{person}"
"""Stands for the reference of one of whom the user sees most."""
LOG = f"/log/{PERSON}/"
"""There of one whom the page before offers."""
_OFFERED = re.compile(r'href="/log/(YP-[A-Z0-9]+)/"')


@dataclass(frozen=True, slots=True)
class DayPage:
    """One page, and who opens it."""

    name: str
    roles: tuple[str, ...]
    path: str


DAY_PAGES = (
    DayPage("a worker's day", ("practitioner",), "/"),
    DayPage("a manager's day", ("manager",), "/"),
    DayPage("workload", ("manager",), "/workload/"),
    DayPage("cases of one's agency", WORKS, "/cases/?show=agency"),
    DayPage("active cases", WORKS, "/cases/?state=active"),
    DayPage("cases without a lead", WORKS, "/cases/?state=opening"),
    DayPage("closed cases", WORKS, "/cases/?state=closed"),
    DayPage("cases one leads", ("practitioner",), "/cases/?show=mine"),
    DayPage("tasking", WORKS, "/tasking/"),
    DayPage("today's meeting", ("manager",), "/tasking/today/"),
    DayPage("referrals that wait", ("manager",), "/referrals/"),
    DayPage("whom to log for", ("practitioner",), "/log/"),
    DayPage("a person", WORKS, f"/people/{PERSON}/"),
    DayPage("timeline", WORKS, f"/people/{PERSON}/timeline/"),
    DayPage("plan", WORKS, f"/people/{PERSON}/plan/"),
    DayPage("logging a contact", ("practitioner",), LOG),
    DayPage("an auditor's day", ("auditor",), "/oversight/"),
    DayPage("register of consents", ("auditor",), "/oversight/consents/"),
    DayPage("register of decisions", ("auditor",), "/oversight/decisions/"),
    DayPage("register of reads", ("auditor",), "/oversight/reads/"),
    DayPage("register of events", ("auditor",), "/oversight/events/"),
    DayPage("register of emergency access", ("auditor",), "/oversight/emergency-access/"),
    DayPage("summary of a quarter", ("auditor",), "/oversight/summary/"),
)


@dataclass
class Opening:
    """What was found of one page."""

    seconds: list[float] = field(default_factory=list)
    """By user; each the middle of three."""
    statements: int = 0
    """The most of any user."""
    failed: list[str] = field(default_factory=list)
    """Who got no page, and what instead."""

    @property
    def median(self) -> float:
        """Of the users."""
        return median(self.seconds)

    @property
    def slowest(self) -> float:
        """Of the users: mostly whoever works where most people are known."""
        return max(self.seconds)


def opened(asking: Asking, until: float) -> dict[str, Opening]:
    """Every page by its name, in the order in which they stand above."""
    found: dict[str, Opening] = {}
    for page in DAY_PAGES:
        here = found.setdefault(page.name, Opening())
        users = [user for user in asking.users if user.hat.role in page.roles]
        # The broadest first: should the time be over, they are what matters.
        for user in reversed(spread(users, USERS)):
            if here.seconds and time.monotonic() > until:
                break
            _open(asking, page, user, here)
    return {name: here for name, here in found.items() if here.seconds or here.failed}


def _open(asking: Asking, page: DayPage, user: User, here: Opening) -> None:
    with asking.doors.through(asking.doors.up):
        path = page.path
        if PERSON in path:
            reference = _to_log_for(asking, user) if path == LOG else _first(asking, user)
            if reference is None:
                return
            path = path.format(person=reference)
        ask = partial(asking.product.by_session, user, path)
        status = ask().status
        if status != 200:
            here.failed.append(f"{user.username}: {status}")
            return
        here.seconds.append(median(_seconds(ask) for _ in range(3)))
        here.statements = max(here.statements, statements.count(asking.doors.up, ask).every)


def _first(asking: Asking, user: User) -> str | None:
    """Of the first people on the user's list the one of whom most is visible."""
    rows = json.loads(asking.product.by_token(user, PEOPLE).body)["results"]
    # What opens a card alone has no page of its own.
    fullest = max(rows, key=lambda row: len(row["visible"]), default=None)
    return fullest["reference"] if fullest and len(fullest["visible"]) > 1 else None


def _to_log_for(asking: Asking, user: User) -> str | None:
    found = _OFFERED.search(asking.product.by_session(user, "/log/").body.decode())
    return found.group(1) if found else None


def _seconds(ask: Callable[[], object]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun
