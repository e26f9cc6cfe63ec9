"""One run of the benchmark: each world in turn, everything in it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from logging import ERROR, getLogger
from random import Random
from typing import Any

from django.conf import settings
from django.test.utils import override_settings

from config.benchmark import day, guardian, lists, pages, writes
from config.benchmark.doors import Doors
from config.benchmark.floor import Floor
from config.benchmark.lists import Asking
from config.benchmark.measure import interleave
from config.benchmark.ours import Product
from config.benchmark.results import Results, Sized
from config.benchmark.users import choose
from config.benchmark.worlds import World
from config.memory import settle

ONLY = ("lists", "depth", "search", "log", "withdraw", "person", "pages", "day")
"""What can be measured by itself."""
ROUNDS = 3
"""As often every user is asked, if the time allows it."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run shall measure."""

    users: int
    seed: int
    seconds: float
    """For the lists of each world; the rest takes about as long again."""
    only: frozenset[str] = frozenset(ONLY)


def run(worlds: list[World], wanted: Wanted, say: Say) -> Results:
    """Measure everything in each of these worlds."""
    results = Results()
    with _as_in_production(), guardian.models_of_grants():
        for world in worlds:
            measured = _measured(world, wanted, results, say)
            results.sizes[world.people] = measured
    return results


@contextmanager
def _as_in_production() -> Iterator[None]:
    """The settings in use, without what only helps to develop."""
    changed: dict[str, Any] = {"DEBUG": False}
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        # Nothing has been collected here: pages then name the files plainly.
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        changed["STORAGES"] = {**settings.STORAGES, "staticfiles": plain}
        changed["MIDDLEWARE"] = [one for one in settings.MIDDLEWARE if "whitenoise" not in one]
    log = getLogger("django.request")
    before = log.level
    # That somebody is not found is among the answers asked for.
    log.setLevel(ERROR)
    thresholds = gc.get_threshold()
    settle()
    try:
        with override_settings(**changed):
            yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        log.setLevel(before)


def _measured(world: World, wanted: Wanted, results: Results, say: Say) -> Sized:
    with ExitStack() as stack:
        floor, doors = Floor(world.owner), Doors(world.app, world.owner)
        stack.callback(floor.close)
        stack.callback(doors.close)
        # Another order each time would make two runs no more alike, only harder to compare.
        random = Random(wanted.seed)  # noqa: S311
        users = choose(floor.connection, wanted.users, random)
        asking = Asking(Product(), floor, doors, users, random)
        with doors.through(doors.up):
            asking.product.let_in(users)
        found = Sized(world.people, world.seconds, len(users), doors.told())
        _measure(asking, found, wanted, say)
    results.differences += asking.differences
    results.compared += asking.compared
    results.lapsed += asking.lapsed
    return found


def _measure(asking: Asking, found: Sized, wanted: Wanted, say: Say) -> None:
    def part(name: str) -> bool:
        if name in wanted.only:
            say(f"{found.people:,} people: {name}")
            # No worker seals the trail here; with too much that waits, nothing more is shown.
            asking.floor.connection.execute("DELETE FROM audit_unsealed")
        return name in wanted.only

    if part("lists"):
        found.counts = lists.counts(asking)
        everybody = lists.contenders(asking)
        lists.warm_up(asking, everybody)
        opening = [one for one in everybody if one.name in lists.OPENED]
        lists.opened_before(asking, opening, asking.users, _after(wanted.seconds / 2))
        found.lists = asking.keep(
            interleave(asking.users, everybody, asking.doors, asking.random, rounds=ROUNDS,
                       until=_after(wanted.seconds))
        )  # fmt: skip
        found.queries = lists.queries(asking, _after(wanted.seconds / 5))
        found.buffers = lists.buffers(asking, _after(wanted.seconds / 5))
    if part("depth"):
        found.depth, found.deep_row = lists.depth(asking, _after(wanted.seconds / 5))
    if part("search"):
        found.search = lists.search(asking, wanted.seconds / 5)
    if part("log"):
        found.logging = writes.logging(asking, _after(wanted.seconds / 5))
    if part("withdraw"):
        found.withdrawing = writes.withdrawing(asking, _after(wanted.seconds / 5))
    if part("person"):
        found.person_page = pages.queries(asking)
    if part("pages"):
        found.pages = pages.served(asking)
    if part("day"):
        found.day = day.opened(asking, _after(wanted.seconds / 2))


def _after(seconds: float) -> float:
    return time.monotonic() + seconds
