"""Interventions: one contact or piece of work, in one or more components."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.fields import CategoriesField
from access.history import tracked
from access.models import PersonalModel, listed_by
from agencies.models import Agency, User
from casework.enums import COMPONENT_CHOICES, Attendance, Mode
from casework.models.case import Case
from core.clock import instant
from core.models import BY_ROW, IMPERSONAL, BaseModel
from core.versions import Versioned
from people.models import YoungPerson


class KindOfIntervention(BaseModel):
    """A kind of intervention: data that units adapt, in versions; the components stay."""

    classified = IMPERSONAL

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=150)
    component = models.CharField(
        max_length=20, choices=COMPONENT_CHOICES, blank=True, help_text="Empty: across all eight."
    )
    version = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0, help_text="Order on the form.")

    class Meta:
        ordering = ("component", "place", "name")
        verbose_name_plural = "kinds of intervention"

    def __str__(self) -> str:
        return self.name


@tracked
class Intervention(Versioned, PersonalModel):
    """One contact, as the worker logged it.

    Seen in full by those who may see all of its categories; a locked entry (its date,
    nothing else) to those who may see some.
    """

    bits = "t.categories"
    listed = listed_by(bits)
    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "person": IMPERSONAL,
        "case": IMPERSONAL,
        "categories": IMPERSONAL,
        "kind": BY_ROW,
        "mode": BY_ROW,
        "at": IMPERSONAL,
        "minutes": BY_ROW,
        "place": BY_ROW,
        "attendance": BY_ROW,
        "worker_came": BY_ROW,
        "note": BY_ROW,
        "next_step": BY_ROW,
        "next_on": BY_ROW,
        "agency": BY_ROW,
        "logged_by": BY_ROW,
        "logged_at": BY_ROW,
    }

    # Two indexes begin with the person and with who logged it: one of its own each would only
    # be written along.
    person = models.ForeignKey(
        YoungPerson, models.PROTECT, related_name="interventions", db_index=False
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="interventions")
    categories = CategoriesField()
    kind = models.ForeignKey(KindOfIntervention, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=15, choices=Mode, default=Mode.FACE_TO_FACE)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=150, blank=True)
    attendance = models.CharField(max_length=15, choices=Attendance)
    worker_came = models.BooleanField(
        default=True, help_text="Whether the worker turned up: that counts too."
    )
    note = models.TextField(blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_on = models.DateField(null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    logged_by = models.ForeignKey(
        User, models.PROTECT, related_name="interventions", db_index=False
    )
    logged_at = models.DateTimeField(default=instant)

    class Meta(PersonalModel.Meta):
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(name="intervention_has_categories", condition=~Q(categories=0)),
            models.CheckConstraint(
                name="intervention_minutes",
                condition=Q(minutes__lte=24 * 60),
                violation_error_message="An intervention lasts at most 24 hours.",
            ),
        )
        indexes = (
            models.Index(fields=("person", "-at", "-id"), name="intervention_person"),
            models.Index(fields=("logged_by", "-at"), name="intervention_worker"),
        )

    def __str__(self) -> str:
        return f"intervention of {self.at:%Y-%m-%d}"
