"""Background work of the foundations."""

from __future__ import annotations

from celery import shared_task

from core import outbox


@shared_task(name="core.relay_outbox")
def relay_outbox() -> int:
    """Hand over what waits in the outbox: the net under the hand-over at commit."""
    return outbox.relay()
