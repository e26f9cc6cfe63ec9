"""Bars and restrictions; their reasons are kept apart from the fact."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from access.categories import Category
from access.models import GuardedManager, PersonalModel, Sealed
from agencies.models import User
from core.models import IMPERSONAL
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time
from people.models import YoungPerson


class Restriction(Sealed, Period, PersonalModel):
    """A period in which only workers named on an involvement see anything of the person."""

    classified = IMPERSONAL

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="restrictions")
    review_on = models.DateField()

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta(PersonalModel.Meta):
        constraints = (
            ends_after_start("restriction_ends_after_start"),
            one_at_a_time("restricted_once", "person", message="The record is restricted."),
        )

    def __str__(self) -> str:
        return "restricted"


class RestrictionReason(PersonalModel):
    """Why a record is restricted: for those who may see the safety plan."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "restriction": IMPERSONAL,
        "reason": Category.SAFETY,
        "lifted": Category.SAFETY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    restriction = models.OneToOneField(Restriction, models.PROTECT, related_name="reason")
    reason = models.TextField()
    lifted = models.TextField(blank=True, help_text="Why it was safe to lift it.")

    def __str__(self) -> str:
        return "reason of a restriction"


class Bar(Sealed, Period, PersonalModel):
    """A period in which a user must never see this person; nothing overrides it."""

    classified = IMPERSONAL

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="bars")
    user = models.ForeignKey(User, models.PROTECT, related_name="bars")
    review_on = models.DateField()

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta(PersonalModel.Meta):
        constraints = (
            ends_after_start("bar_ends_after_start"),
            one_at_a_time("barred_once", "person", "user", message="This user is barred."),
        )
        indexes = (models.Index(fields=("user", "person"), name="bar_user"),)

    def __str__(self) -> str:
        return "bar"


class BarReason(PersonalModel):
    """Why a user is barred: kept apart, for those who may see the safety plan."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "bar": IMPERSONAL,
        "reason": Category.SAFETY,
        "lifted": Category.SAFETY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    bar = models.OneToOneField(Bar, models.PROTECT, related_name="reason")
    reason = models.TextField()
    lifted = models.TextField(blank=True, help_text="Why it was safe to lift it.")

    def __str__(self) -> str:
        return "reason of a bar"
