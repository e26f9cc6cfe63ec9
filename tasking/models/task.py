"""Tasks: who does what by when, in one line."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel, bits_named, listed_by
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL
from people.models import YoungPerson
from tasking.enums import TaskKind, TaskState
from tasking.models.meeting import Meeting


@tracked
class Task(PersonalModel):
    """One thing to do about one young person, with an owner and a day."""

    bits = bits_named("kind", [Category.TASKING, Category.ENFORCEMENT])
    listed = listed_by(bits)
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "kind": Category.TASKING,
        "what": Category.TASKING,
        "owner": Category.TASKING,
        "owner_agency": Category.TASKING,
        "due_on": Category.TASKING,
        "state": Category.TASKING,
        "agency": IMPERSONAL,
        "meeting": IMPERSONAL,
        "set_by": Category.TASKING,
        "set_at": Category.TASKING,
        "closed_at": Category.TASKING,
        "carried": Category.TASKING,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=12, choices=TaskKind, default=TaskKind.TASKING)
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, related_name="tasks")
    owner_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.SET)
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="tasks", help_text="Whose tasking it is."
    )
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=instant)
    closed_at = models.DateTimeField(null=True, blank=True)
    carried = models.PositiveSmallIntegerField(
        default=0, help_text="How many meetings it has been carried forward from."
    )

    class Meta(PersonalModel.Meta):
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                name="task_closed_when_over",
                condition=Q(state__in=["done", "cancelled"], closed_at__isnull=False)
                | Q(state__in=["set", "accepted", "blocked"], closed_at=None),
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "due_on"), condition=Q(closed_at=None), name="task_owner_open"
            ),
            models.Index(
                fields=("agency", "due_on", "id"),
                condition=Q(closed_at=None),
                name="task_agency_in_order",
            ),
            models.Index(fields=("person", "-set_at"), name="task_person"),
        )

    def __str__(self) -> str:
        return f"task due {self.due_on}"

    @property
    def category(self) -> Category:
        """Enforcement tasks are walled off from all others."""
        return Category(self.kind)


class TaskAnswer(PersonalModel):
    """What the owner said of a task: accepted, done, or what blocks it."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "task": IMPERSONAL,
        "state": Category.TASKING,
        "words": Category.TASKING,
        "by": Category.TASKING,
        "at": Category.TASKING,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, related_name="answers")
    state = models.CharField(max_length=10, choices=TaskState)
    words = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=instant)

    class Meta(PersonalModel.Meta):
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                name="blocked_says_why",
                condition=~Q(state="blocked") | ~Q(words=""),
                violation_error_message="Say what blocks the task.",
            ),
        )

    def __str__(self) -> str:
        return self.get_state_display()
