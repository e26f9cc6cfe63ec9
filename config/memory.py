"""When Python looks for garbage, in a process that answers requests."""

from __future__ import annotations

import gc

OBJECTS = 10_000
"""So many new ones before it looks among the young: a few requests' worth. At Python's own 700
it looks several times in each, and takes what a request still needs for old."""


def settle() -> None:
    """Call what stands now permanent, and look less often through what comes after.

    It stands as long as the process: it need not be gone through again and again, in the
    middle of somebody's request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 10, 10)
