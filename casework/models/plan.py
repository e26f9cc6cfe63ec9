"""The plan: eight components, what is planned in each, and its reviews."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel
from agencies.models import User
from casework.enums import COMPONENT_CHOICES
from casework.models.case import Case
from core.clock import instant
from core.models import BY_ROW, IMPERSONAL
from core.versions import Versioned
from people.models import YoungPerson


@tracked
class Plan(Versioned, PersonalModel):
    """The plan of one case; agreed with the young person, on a date and somehow."""

    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "person": IMPERSONAL,
        "case": IMPERSONAL,
        "agreed_on": Category.IDENTITY,
        "agreed_how": Category.IDENTITY,
        "agreed_by": Category.IDENTITY,
        "review_on": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="plans")
    case = models.OneToOneField(Case, models.PROTECT, related_name="plan")
    agreed_on = models.DateField(null=True, blank=True)
    agreed_how = models.CharField(max_length=300, blank=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        constraints = (
            models.CheckConstraint(
                name="agreed_when_and_how",
                condition=Q(agreed_on=None, agreed_how="")
                | (Q(agreed_on__isnull=False) & ~Q(agreed_how="")),
                violation_error_message="Say on which day and how the plan was agreed.",
            ),
        )
        indexes = (models.Index(fields=("review_on",), name="plan_review_on"),)

    def __str__(self) -> str:
        return "plan"


@tracked
class PlanComponent(PersonalModel):
    """One of the eight components of a plan, under the young person's own name for it."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "plan": IMPERSONAL,
        "component": IMPERSONAL,
        "in_use": BY_ROW,
        "own_name": BY_ROW,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="components")
    component = models.CharField(max_length=20, choices=COMPONENT_CHOICES)
    in_use = models.BooleanField(default=False)
    own_name = models.CharField(max_length=80, blank=True)

    class Meta(PersonalModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=("plan", "component"), name="component_once"),
        )

    def __str__(self) -> str:
        return self.get_component_display()

    @property
    def category(self) -> Category:
        """A component is a category of its own."""
        return Category(self.component)


@tracked
class PlannedIntervention(PersonalModel):
    """Something that somebody will do, in one component, by a day."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "plan": IMPERSONAL,
        "component": IMPERSONAL,
        "kind": BY_ROW,
        "what": BY_ROW,
        "who": BY_ROW,
        "by_when": BY_ROW,
        "done_at": BY_ROW,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="planned")
    component = models.CharField(max_length=20, choices=COMPONENT_CHOICES)
    kind = models.CharField(max_length=60, blank=True)
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=150, blank=True)
    by_when = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("by_when", "id")

    def __str__(self) -> str:
        return "planned intervention"

    @property
    def category(self) -> Category:
        """The category of its component."""
        return Category(self.component)


@tracked
class Review(PersonalModel):
    """One look at the whole plan, with the young person."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "plan": IMPERSONAL,
        "held_on": Category.IDENTITY,
        "with_young_person": Category.IDENTITY,
        "notes": Category.IDENTITY,
        "held_by": Category.IDENTITY,
        "recorded_at": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    with_young_person = models.BooleanField()
    notes = models.TextField(blank=True)
    held_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=instant)

    class Meta(PersonalModel.Meta):
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return f"review of {self.held_on}"
