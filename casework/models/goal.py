"""Goals in the young person's own words, and their own ratings of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from access.categories import COMPONENTS, Category
from access.history import tracked
from access.models import PersonalModel, bits_named, listed_by
from agencies.models import User
from casework.enums import COMPONENT_CHOICES, RatingMoment
from casework.models.plan import Plan
from core.clock import instant
from core.models import BY_ROW, IMPERSONAL
from core.versions import Versioned
from people.models import YoungPerson


@tracked
class Goal(Versioned, PersonalModel):
    """What the young person wants, with the worker's words shown beside it, apart."""

    bits = bits_named("component", COMPONENTS)
    listed = listed_by(bits)
    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "person": IMPERSONAL,
        "plan": IMPERSONAL,
        "component": IMPERSONAL,
        "own_words": BY_ROW,
        "worker_words": BY_ROW,
        "set_at": BY_ROW,
        "set_by": BY_ROW,
        "reached_at": BY_ROW,
        "ended_at": BY_ROW,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="goals")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    component = models.CharField(max_length=20, choices=COMPONENT_CHOICES)
    own_words = models.CharField(max_length=500)
    worker_words = models.CharField(max_length=500, blank=True)
    set_at = models.DateTimeField(default=instant)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reached_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("component", "set_at", "id")
        indexes = (models.Index(fields=("person", "set_at"), name="goal_person"),)

    def __str__(self) -> str:
        return "goal"

    @property
    def category(self) -> Category:
        """The category of its component."""
        return Category(self.component)


class GoalRating(PersonalModel):
    """How far the young person says they are with a goal, from 0 to 10."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "goal": IMPERSONAL,
        "rating": BY_ROW,
        "moment": BY_ROW,
        "rated_at": BY_ROW,
        "recorded_by": BY_ROW,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="ratings")
    rating = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    moment = models.CharField(max_length=10, choices=RatingMoment)
    rated_at = models.DateTimeField(default=instant)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta(PersonalModel.Meta):
        ordering = ("rated_at", "id")
        constraints = (
            models.CheckConstraint(
                name="rating_0_to_10",
                condition=Q(rating__gte=0, rating__lte=10),
                violation_error_message="A rating is from 0 to 10.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rating} of 10"
