"""Background work of this room."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from access.actor import System
from access.context import one_by_one, transact
from core.clock import instant
from tasking.actions import alert as alerts
from tasking.actions import ring_me
from tasking.models import Alert


@shared_task(name="tasking.climb_alerts")
def climb_alerts() -> int:
    """Take each unseen alert whose time has come one level up; the number that climbed."""
    job = System("tasking.climb_alerts")
    with transact(job, route="tasking.climb_alerts"):
        due = list(
            Alert.rows.filter(seen_at=None, climbs_at__lte=instant())
            .order_by("climbs_at", "pk")
            .values_list("pk", flat=True)[:500]
        )
    return one_by_one(job, due, lambda key: alerts.climb(alert_id=key, by=job))


@shared_task(name="tasking.answer_ring_me")
def answer_ring_me(*, key: str) -> None:
    """Page whoever knows the young person of a “ring me”, if anybody does."""
    job = System("tasking.answer_ring_me")
    with transact(job, route="tasking.answer_ring_me"):
        ring_me.answer(key=UUID(key), by=job)
