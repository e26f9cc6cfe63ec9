"""Background work of this room."""

from __future__ import annotations

from celery import shared_task

from access.actor import System
from access.context import transact
from agencies.actions import draft, notice
from audit import trail
from casework.enums import CaseState
from casework.models import FollowUp, LeadPeriod
from casework.workflow import FOLLOWED_UP
from core.clock import instant, today
from tasking.models import Task

JOB = System("casework.find_due")


@shared_task(name="casework.find_due")
def find_due() -> dict[str, int]:
    """Tell owners of follow-ups, reviews and tasks that have come due; how many of each.

    “Today” is London's. Safe to run twice: whoever was told of something on a day is not
    told of it again. Also forgets drafts that nobody came back to.
    """
    with transact(JOB, route="casework.find_due"):
        told = {
            "follow_ups": _follow_ups(),
            "reviews": _reviews(),
            "tasks": _tasks(),
            "drafts": draft.forget_old(),
        }
        if any(told.values()):
            trail.record(JOB, "due.found", detail=told)
    return told


def _follow_ups() -> int:
    due = FollowUp.rows.filter(
        due_on__lte=today(), done_at=None, told_at=None, case__state__in=FOLLOWED_UP
    )
    checks = list(due.select_for_update(of=("self",), skip_locked=True))
    notice.tell_each(
        "follow_up_due",
        [
            notice.Telling(check.owner_id, f"/follow-ups/{check.pk}/", f"{check.pk}")
            for check in checks
        ],
    )
    # Those who were told: whoever was passed over is told the next time.
    return FollowUp.rows.filter(pk__in=[check.pk for check in checks]).update(told_at=instant())


def _reviews() -> int:
    """Plans of open cases whose review is due: the lead is told once for each due date."""
    due = (
        LeadPeriod.rows.filter(ends=None, case__plan__review_on__lte=today())
        .exclude(case__state=CaseState.CLOSED)
        .values_list("worker_id", "case__plan__pk", "case__plan__review_on")
    )
    tellings = [notice.Telling(worker, "/", f"{plan}:{day}") for worker, plan, day in due]
    notice.tell_each("review_due", tellings)
    return len(tellings)


def _tasks() -> int:
    tasks = Task.rows.filter(due_on=today(), closed_at=None).values_list("pk", "owner_id")
    tellings = [notice.Telling(owner, f"/tasks/{key}/", f"{key}:{today()}") for key, owner in tasks]
    notice.tell_each("task_due", tellings)
    return len(tellings)
