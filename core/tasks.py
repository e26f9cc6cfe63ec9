"""Background work of the foundations."""

from __future__ import annotations

from celery import shared_task

from core import outbox

ROUNDS, A_ROUND = 25, 200
"""Each round is a transaction of its own."""


@shared_task(name="core.relay_outbox")
def relay_outbox() -> int:
    """Hand over what waits in the outbox: the net under the hand-over at commit.

    Some thousands at a time: a job may promise more than anybody would wait for.
    """
    handed = 0
    for _ in range(ROUNDS):
        some = outbox.relay(limit=A_ROUND)
        handed += some
        if some < A_ROUND:
            break
    return handed
