"""Having many records sealed soon, rather than when the clock next says so."""

from __future__ import annotations

import time
from threading import Lock

from celery import current_app
from django.db import transaction

ENOUGH = 25
"""Records added by one process after which it asks: some four processes write at a time, and
about a hundred records shall wait at most."""

PATIENCE = 60.0
"""Seconds in which a broker that did not answer is not asked again: nobody shall wait for it."""

_lock = Lock()
_added = 0
_not_before = 0.0


def sealing_wanted(records: int) -> None:
    """Note that records are added, and after enough of them ask for sealing, after the commit."""
    global _added
    with _lock:
        _added += records
        if _added < ENOUGH:
            return
        _added = 0
    transaction.on_commit(_ask, robust=True)


def _ask() -> None:
    global _not_before
    if time.monotonic() < _not_before:
        return
    try:
        current_app.send_task("audit.seal", retry=False)
    except Exception:
        # The clock of the background work asks as well.
        _not_before = time.monotonic() + PATIENCE
