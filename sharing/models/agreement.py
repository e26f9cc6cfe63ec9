"""Information-sharing agreements between agencies."""

from __future__ import annotations

from django.db import models

from access.fields import CategoriesField
from access.models import Sealed
from agencies.models import Agency, User
from core.ids import new_reference
from core.models import IMPERSONAL, BaseModel
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time


def new_agreement_reference() -> str:
    """A new reference of an agreement, for example AG-4D8QXN."""
    return new_reference("AG")


class Agreement(Sealed, Period, BaseModel):
    """What agencies have agreed that they may share, for what, from when until when.

    It is no fact before every party has confirmed it (`confirmed_at`).
    """

    classified = IMPERSONAL

    reference = models.CharField(max_length=12, unique=True, default=new_agreement_reference)
    title = models.CharField(max_length=200)
    purposes = models.TextField()
    categories = CategoriesField()
    review_on = models.DateField()
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last party confirmed it."
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("title", "id")
        constraints = (ends_after_start("agreement_ends_after_start"),)

    def __str__(self) -> str:
        return self.title


class AgreementParty(Sealed, BaseModel):
    """One agency's part in an agreement, and who confirmed it for that agency."""

    classified = IMPERSONAL

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="agreements")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("agency__name",)
        constraints = (models.UniqueConstraint(fields=("agreement", "agency"), name="party_once"),)

    def __str__(self) -> str:
        return f"{self.agency} in {self.agreement}"


class AgreementSuspension(Sealed, Period, BaseModel):
    """A period in which an agreement does not count."""

    classified = IMPERSONAL

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="suspensions")
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The party that suspended it, which alone lets it count again.",
    )
    reason = models.TextField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("suspension_ends_after_start"),
            one_at_a_time("suspended_once", "agreement", message="It is suspended already."),
        )

    def __str__(self) -> str:
        return f"{self.agreement} suspended"
