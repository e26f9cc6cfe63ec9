"""Step-down: the planned move to a community service that has said yes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from access.categories import Category
from access.fields import CategoriesField
from access.models import GuardedManager, PersonalModel
from agencies.models import User
from casework.enums import FollowUpOutcome, StepDownState
from casework.models.case import Case
from core.clock import instant
from core.models import BY_ROW, IMPERSONAL
from directory.models import Service
from people.models import YoungPerson


class StepDown(PersonalModel):
    """One step-down: proposed by the lead, decided by a manager, never the same user."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "case": IMPERSONAL,
        "categories": IMPERSONAL,
        "service": BY_ROW,
        "service_contact": BY_ROW,
        "said_yes_on": BY_ROW,
        "said_yes_by": BY_ROW,
        "first_attendance_on": BY_ROW,
        "why": BY_ROW,
        "state": Category.POINTER,
        "proposed_by": Category.POINTER,
        "proposed_at": Category.POINTER,
        "decided_by": Category.POINTER,
        "decided_at": Category.POINTER,
        "decided_reason": BY_ROW,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="step_downs")
    case = models.ForeignKey(Case, models.PROTECT, related_name="step_downs")
    categories = CategoriesField(help_text="The components that are stepped down.")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    service_contact = models.CharField(max_length=200)
    said_yes_on = models.DateField()
    said_yes_by = models.CharField(max_length=150)
    first_attendance_on = models.DateField(null=True, blank=True)
    why = models.TextField()
    state = models.CharField(max_length=10, choices=StepDownState, default=StepDownState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=instant)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.TextField(blank=True)

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="step_down_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                violation_error_message="A second person must decide.",
            ),
            models.CheckConstraint(
                name="step_down_decided_by_and_when",
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | Q(
                    state__in=["approved", "refused"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                # Nobody decided it: its case was closed.
                | Q(state="lapsed", decided_by=None, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=("case",), condition=Q(state="proposed"), name="one_step_down_waiting"
            ),
        )
        indexes = (
            models.Index(
                fields=("proposed_at", "id"),
                condition=Q(state="proposed"),
                name="step_down_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"step-down of {self.proposed_at:%Y-%m-%d}"


class FollowUp(PersonalModel):
    """A check after step-down: at 4, 12 and 26 weeks."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "case": IMPERSONAL,
        "step_down": IMPERSONAL,
        "weeks": Category.CONTACT,
        "due_on": Category.CONTACT,
        "owner": Category.CONTACT,
        "done_at": Category.CONTACT,
        "done_by": Category.CONTACT,
        "outcome": Category.CONTACT,
        "note": Category.SAFETY,
        "told_at": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="follow_ups")
    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_ups")
    step_down = models.ForeignKey(StepDown, models.PROTECT, related_name="follow_ups")
    weeks = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    owner = models.ForeignKey(User, models.PROTECT, related_name="follow_ups")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=FollowUpOutcome, blank=True)
    note = models.TextField(blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the owner was told that it is due."
    )

    class Meta(PersonalModel.Meta):
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("step_down", "weeks"), name="follow_up_once"),
        )
        indexes = (
            models.Index(fields=("due_on",), condition=Q(done_at=None), name="follow_up_due"),
            models.Index(
                fields=("owner", "due_on"), condition=Q(done_at=None), name="follow_up_owner"
            ),
        )

    def __str__(self) -> str:
        return f"follow-up at {self.weeks} weeks"
