"""The tasking meeting."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.models import PersonalModel
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL, BaseModel
from people.models import YoungPerson


class Meeting(BaseModel):
    """One meeting of an agency or unit: what is talked about, by whom, what follows."""

    classified = IMPERSONAL

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="meetings")
    opened_at = models.DateTimeField(default=instant)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("agency",),
                condition=Q(closed_at=None),
                name="one_open_meeting",
                violation_error_message="A meeting of this agency is open already.",
            ),
        )

    def __str__(self) -> str:
        return f"meeting of {self.agency} on {self.opened_at:%Y-%m-%d}"


class Attendee(BaseModel):
    """A user who is at a meeting."""

    classified = IMPERSONAL

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendees")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("user__name", "id")
        constraints = (models.UniqueConstraint(fields=("meeting", "user"), name="attendee_once"),)

    def __str__(self) -> str:
        return str(self.user)


class AgendaItem(PersonalModel):
    """A young person who is to be talked about, and what was decided."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "meeting": IMPERSONAL,
        "why": Category.TASKING,
        "decision": Category.TASKING,
        "added_by": Category.TASKING,
        "added_at": Category.TASKING,
        "discussed_at": Category.TASKING,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="agenda_items")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    why = models.CharField(max_length=200)
    decision = models.TextField(blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=instant)
    discussed_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("added_at", "id")
        constraints = (models.UniqueConstraint(fields=("meeting", "person"), name="agenda_once"),)

    def __str__(self) -> str:
        return "agenda item"
