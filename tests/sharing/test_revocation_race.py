"""Safety 10: no read that starts after a withdrawal was acknowledged succeeds."""

import threading
import time
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client

from access.categories import Category
from access.context import transact
from sharing.actions import consent
from tests.factories.cast import OPERATOR, build_cast

ROUNDS = 6
READERS = 3


@dataclass(frozen=True)
class Read:
    started: float
    status: int

    @property
    def shown(self):
        """Found at all: to somebody without any share the page does not exist."""
        return self.status == 200


@pytest.mark.django_db(transaction=True)
def test_no_read_that_starts_after_a_withdrawal_was_acknowledged_succeeds():
    with transact(OPERATOR, route="test"):
        cast = build_cast()
        cast.agree("lead-charity", "borough-unit")
        people = [cast.open_case().person for _ in range(ROUNDS)]
    tried = before = after = 0
    for person in people:
        with transact(cast.who("lead-worker"), route="test"):
            given = cast.share(person, "borough-unit", Category.HOUSING, worker="unit-worker")
        reads, acknowledged = race(cast, person, given)
        late = [read for read in reads if read.started >= acknowledged]
        tried += len(reads)
        before += sum(read.shown for read in reads)
        after += len(late)
        assert {read.status for read in reads} <= {200, 404}
        assert not any(read.shown for read in late)
        assert late, "nobody read after it: nothing was tried"
    assert before, "nobody could read before it: nothing was raced"
    print(f"tried {tried} reads, {before} that showed something, {after} after a withdrawal")


def race(cast, person, given):
    """Readers over HTTP all the while a withdrawal goes through; and when it was acknowledged."""
    reads, stop, ready = [], threading.Event(), threading.Barrier(READERS + 1)
    user = cast.user("unit-worker")

    def keep_reading():
        try:
            client = Client()
            client.force_login(user)
            ready.wait()
            while not stop.is_set():
                started = time.monotonic()
                page = client.get(f"/people/{person.reference}/")
                reads.append(Read(started, page.status_code))
        finally:
            connection.close()

    threads = [threading.Thread(target=keep_reading) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    until(lambda: any(read.shown for read in reads))
    with transact(cast.who("lead-worker"), route="test"):
        consent.withdraw(consent=given, by=cast.who("lead-worker"))
    acknowledged = time.monotonic()
    until(lambda: sum(read.started >= acknowledged for read in reads) >= READERS)
    stop.set()
    for thread in threads:
        thread.join(timeout=30)
    return reads, acknowledged


def until(happened, patience=30.0):
    """Wait for the other threads, without guessing how long they take."""
    waited = threading.Event()
    end = time.monotonic() + patience
    while not happened() and time.monotonic() < end:
        waited.wait(0.005)
