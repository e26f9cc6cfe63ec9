"""Background work of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from celery import shared_task

from access.actor import System
from access.context import one_by_one
from core.clock import instant, today
from oversight.actions import reading_alert
from oversight.models import ReadingAlert


@shared_task(name="oversight.watch_reading")
def watch_reading() -> int:
    """Raise and climb alerts about unusual reading, today and yesterday; how many."""
    job = System("oversight.watch_reading")
    due = ReadingAlert.objects.filter(answered_at=None, climbs_at__lte=instant())
    work: list[Callable[[], int]] = [
        *(
            partial(reading_alert.find, day=day, by=job)
            for day in (today() - timedelta(days=1), today())
        ),
        *(
            partial(reading_alert.climb, alert_id=key, by=job)
            for key in due.values_list("pk", flat=True)[:500]
        ),
    ]
    return one_by_one(job, work, lambda do: do())
