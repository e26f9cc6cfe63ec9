"""Reading tasks, meetings and alerts, always for somebody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from access.actor import Actor, Member, NotVisible
from access.bases import Basis
from access.categories import Category, to_bits
from access.first import first_seen
from access.reading import Sight, sight, sights
from audit import trail
from core.clock import instant
from tasking.enums import AlertKind
from tasking.models import AgendaItem, Alert, Attendee, Meeting, Task, TaskAnswer

SAFETY = str(to_bits([Category.SAFETY]))
"""The category of an alert, as bits in SQL."""

OF_TASK = (
    f"CASE WHEN record.kind = 'enforcement' THEN {to_bits([Category.ENFORCEMENT])}"
    f" ELSE {to_bits([Category.TASKING])} END"
)
"""The category of a task, as bits in SQL: hidden ones use up no place in a list."""


def own_tasks(actor: Member, *, limit: int) -> tuple[list[Task], bool]:
    """The actor's open tasks about people whom they see, the first due first; whether more."""
    tasks = list(
        Task.objects.some_visible_to(actor, categories=OF_TASK)
        .filter(owner_id=actor.user_id, closed_at=None)
        .select_related("person", "set_by")
        .order_by("due_on", "pk")[: limit + 1]
    )
    return _visible(actor, tasks[:limit]), len(tasks) > limit


def open_tasks_about(actor: Actor, sight: Sight) -> int:
    """How many open tasks about one person the actor sees."""
    tasks = Task.objects.visible_to(actor).filter(person_id=sight.person_id, closed_at=None)
    return sum(1 for task in tasks if sight.sees(task.category))


def load_task(actor: Actor, task_id: UUID) -> Task:
    """A task that the actor sees. Raises NotVisible for any other and for none alike."""
    task = (
        Task.objects.visible_to(actor)
        .filter(pk=task_id)
        .select_related("person", "owner", "owner_agency", "set_by")
        .first()
    )
    if task is None or not sight(actor, task.person_id).sees(task.category):
        raise NotVisible
    return task


def answers(task: Task, sight: Sight) -> list[TaskAnswer]:
    """What its owners said of a task, the first first, to whoever sees the task."""
    rows = TaskAnswer.objects.of({task.person_id: sight}, task.category).filter(task=task)
    return list(rows.select_related("by").order_by("at", "pk"))


def open_meeting(actor: Member) -> Meeting | None:
    """The meeting of the actor's agency that is open now."""
    return Meeting.objects.filter(agency_id=actor.agency_id, closed_at=None).first()


def note_meeting(actor: Member, sight: Sight) -> None:
    """Have the reads of this transaction carry the meeting in which they happen.

    Only of somebody who is on the agenda of a meeting that the actor attends: the rule has
    said so already, so that for everybody else nothing is asked.
    """
    if not any(Basis.AGENDA in bases for bases in sight.answer.reasons.values()):
        return
    found = Attendee.objects.filter(
        user_id=actor.user_id,
        meeting__closed_at=None,
        meeting__in=AgendaItem.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .order_by()
        .values("meeting"),
    )
    if meeting := found.values_list("meeting_id", flat=True).first():
        trail.meeting_id.set(meeting)


def last_meeting(actor: Member) -> Meeting | None:
    """The last meeting of the actor's agency that is over."""
    return (
        Meeting.objects.filter(agency_id=actor.agency_id, closed_at__isnull=False)
        .order_by("-closed_at")
        .first()
    )


def agenda(actor: Member, meeting: Meeting) -> list[AgendaItem]:
    """The agenda, of the people whose tasking the actor sees."""
    items = list(
        AgendaItem.objects.visible_to(actor)
        .filter(meeting=meeting)
        .select_related("person")
        .order_by("added_at", "pk")
    )
    seen = sights(actor, {item.person_id for item in items})
    return [item for item in items if seen[item.person_id].shows("tasking")]


def team_tasks(
    actor: Member, *, limit: int, first: int = 0, due_before: date | None = None
) -> tuple[list[Task], bool]:
    """The open tasks set by the actor's agency whose category the actor sees, first due first.

    `limit` of them after the `first` so many; and whether there are more.
    """
    wanted = Q(agency_id=actor.agency_id, closed_at=None)
    if due_before is not None:
        wanted &= Q(due_on__lt=due_before)
    found = first_seen(
        actor,
        Task,
        "person",
        "owner",
        "owner_agency",
        narrow=lambda tasks: tasks.filter(wanted).order_by("due_on", "pk"),
        categories=lambda task: [task.category],
        bits=OF_TASK,
        listing=(Category.TASKING, Category.ENFORCEMENT),
        most=first + limit + 1,
    )
    here = found[first : first + limit]
    return [task for task, seen in here if seen.shows(task.category)], len(found) > first + limit


def tasks_about(actor: Member, people: Collection[UUID]) -> dict[UUID, list[Task]]:
    """By person: the same tasks about some people, such as those on an agenda."""
    tasks = (
        Task.objects.some_visible_to(actor, categories=OF_TASK)
        .filter(person_id__in=people, agency_id=actor.agency_id, closed_at=None)
        .select_related("owner")
        .order_by("due_on", "pk")
    )
    found: dict[UUID, list[Task]] = {}
    for task in _visible(actor, list(tasks)):
        found.setdefault(task.person_id, []).append(task)
    return found


def _visible(actor: Member, tasks: list[Task]) -> list[Task]:
    """Those of these tasks whose category the actor sees; notes that they are shown."""
    seen = sights(actor, {task.person_id for task in tasks})
    return [task for task in tasks if seen[task.person_id].shows(task.category)]


def own_alerts(actor: Member, *, limit: int) -> tuple[list[Alert], bool]:
    """Unseen alerts that the actor answers for and may read, the oldest first; whether more."""
    found = first_seen(
        actor,
        Alert,
        "person",
        narrow=lambda alerts: (
            alerts.filter(Q(owner_id=actor.user_id) | ~Q(level="lead"))
            .filter(agency_id=actor.agency_id, seen_at=None)
            .order_by("raised_at", "pk")
        ),
        categories=lambda alert: [Category.SAFETY],
        bits=SAFETY,
        listing=[Category.SAFETY],
        most=limit + 1,
    )
    return [alert for alert, seen in found[:limit] if seen.shows("safety")], len(found) > limit


def alerts_just_seen(actor: Member, *, limit: int) -> list[Alert]:
    """What the actor has seen in the last day and may read, the last first.

    Whoever has seen a message still has to ring back.
    """
    found = (
        Alert.objects.visible_to(actor)
        .filter(agency_id=actor.agency_id, seen_by_id=actor.user_id)
        .filter(seen_at__gt=instant() - timedelta(days=1))
        .select_related("person")
        .order_by("-seen_at", "-pk")[:limit]
    )
    alerts = list(found)
    seen = sights(actor, {alert.person_id for alert in alerts})
    return [alert for alert in alerts if seen[alert.person_id].shows("safety")]


def load_alert(actor: Actor, alert_id: UUID) -> Alert:
    """An alert that the actor may read. Raises NotVisible for any other and none alike."""
    alert = Alert.objects.visible_to(actor).filter(pk=alert_id).select_related("person").first()
    if alert is None or not sight(actor, alert.person_id).shows("safety"):
        raise NotVisible
    return alert


def raised_alerts(actor: Member) -> QuerySet[Alert]:
    """What the actor sent to lead workers lately: whether it was seen, and when.

    A sender keeps seeing this for people whom they still see. Never that somebody fitted
    the facts of a “ring me”: to who sent it that looks as if nobody did.
    """
    found: QuerySet[Alert] = (
        Alert.objects.visible_to(actor)
        .filter(raised_by_id=actor.user_id)
        .exclude(kind=AlertKind.RING_ME)
        .select_related("person", "seen_by")
        .order_by("-raised_at", "-pk")[:20]
    )
    return found
