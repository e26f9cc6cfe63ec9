"""Background work of this room."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from access.actor import System
from access.context import transact
from core.clock import instant, today
from oversight.actions import reading_alert
from oversight.models import ReadingAlert


@shared_task(name="oversight.watch_reading")
def watch_reading() -> int:
    """Raise and climb alerts about unusual reading, today and yesterday; how many."""
    job = System("oversight.watch_reading")
    done = 0
    for day in (today() - timedelta(days=1), today()):
        with transact(job, route="oversight.watch_reading"):
            done += reading_alert.find(day=day, by=job)
    due = ReadingAlert.objects.filter(answered_at=None, climbs_at__lte=instant())
    for alert_id in list(due.values_list("pk", flat=True)[:500]):
        with transact(job, route="oversight.watch_reading"):
            done += reading_alert.climb(alert_id=alert_id, by=job)
    return done
