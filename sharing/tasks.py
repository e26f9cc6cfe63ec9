"""Background work of this room."""

from __future__ import annotations

from celery import shared_task

from access.actor import System
from access.context import transact
from sharing.actions import break_glass


@shared_task(name="sharing.chase_emergencies")
def chase_emergencies() -> int:
    """Remind who owes an account, escalate reviews that are late; how many of either."""
    job = System("sharing.chase_emergencies")
    with transact(job, route="sharing.chase_emergencies"):
        return break_glass.chase(by=job)
