"""Having many records sealed soon, rather than when the clock next says so."""

from __future__ import annotations

import os
import time
from threading import Event, Lock, Thread

from celery import current_app
from django.db import transaction

ENOUGH = 25
"""Records added by one process after which it asks: some four processes write at a time, so
about a hundred records wait, or as many as are added in a second."""

PAUSE = 1.0
"""Seconds between two askings: a page of people adds as many records as are enough, and to ask
costs a process as much as to answer."""

PATIENCE = 60.0
"""Seconds in which a broker that did not answer is not asked again: nobody shall wait for it."""

_lock = Lock()
_added = 0
_not_before = 0.0
_wanted = Event()
_asker: tuple[int, Thread] | None = None


def sealing_wanted(records: int) -> None:
    """Note that records are added, and after enough of them ask for sealing, after the commit."""
    global _added
    with _lock:
        _added += records
        if _added < ENOUGH:
            return
        _added = 0
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    """Have it asked beside the request in hand, which need not wait for a broker."""
    global _asker
    with _lock:
        # A thread does not come along when a process divides.
        if _asker is None or _asker[0] != os.getpid() or not _asker[1].is_alive():
            _asker = (os.getpid(), Thread(target=_ask_when_wanted, name="sealing", daemon=True))
            _asker[1].start()
    _wanted.set()


def _ask_when_wanted() -> None:
    while True:
        _wanted.wait()
        # What is added from here on asks again; many that came meanwhile ask once.
        _wanted.clear()
        _ask()
        time.sleep(PAUSE)


def _ask() -> None:
    global _not_before
    if time.monotonic() < _not_before:
        return
    try:
        current_app.send_task("audit.seal", retry=False)
    except Exception:
        # The clock of the background work asks as well.
        _not_before = time.monotonic() + PATIENCE
