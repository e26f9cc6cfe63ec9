"""The safety plan: one screen, no narrative."""

from __future__ import annotations

from django.db import models

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel
from agencies.models import User
from core.clock import instant
from core.models import IMPERSONAL
from core.versions import Versioned
from people.models import YoungPerson


@tracked
class SafetyPlan(Versioned, PersonalModel):
    """Present dangers, unsafe places and whom to call. It never lapses silently."""

    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "person": IMPERSONAL,
        "dangers": Category.SAFETY,
        "unsafe_places": Category.SAFETY,
        "safe_places": Category.SAFETY,
        "what_helps": Category.SAFETY,
        "whom_to_call": Category.SAFETY,
        "review_on": Category.SAFETY,
        "written_by": Category.SAFETY,
        "written_at": Category.SAFETY,
    }

    person = models.OneToOneField(YoungPerson, models.PROTECT, related_name="safety_plan")
    dangers = models.TextField(blank=True)
    unsafe_places = models.TextField(blank=True)
    safe_places = models.TextField(blank=True)
    what_helps = models.TextField(blank=True)
    whom_to_call = models.TextField(blank=True)
    review_on = models.DateField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=instant)

    class Meta(PersonalModel.Meta):
        indexes = (models.Index(fields=("review_on",), name="safety_plan_review_on"),)

    def __str__(self) -> str:
        return "safety plan"
