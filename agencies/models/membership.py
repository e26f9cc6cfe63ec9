"""A membership: one user in one agency in one role, from a date to a date."""

from __future__ import annotations

from django.db import models

from access.models import Sealed
from agencies.enums import ROLE_CHOICES
from agencies.models.agency import Agency
from agencies.models.user import User
from core.models import IMPERSONAL, BaseModel
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time


class Membership(Sealed, Period, BaseModel):  # type: ignore[django-manager-missing]
    """The hat that a user wears while working.

    `home_agency` is set for somebody seconded to this agency from another.
    """

    classified = IMPERSONAL

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    home_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="secondments"
    )
    left_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When what follows from its end was done: leads moved on, shares ended.",
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("agency__name", "role", "id")
        constraints = (
            ends_after_start("membership_ends_after_start"),
            one_at_a_time(
                "membership_once",
                "user",
                "agency",
                "role",
                message="This user has that role at that agency already.",
            ),
        )
        indexes = (
            # Those that end on a day that was set, until somebody has seen to it.
            models.Index(
                fields=("ends",),
                condition=models.Q(left_at=None, ends__isnull=False),
                name="membership_to_leave",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} at {self.agency}"

    @property
    def is_secondment(self) -> bool:
        """Whether the user is lent to this agency by another."""
        return self.home_agency_id is not None and self.home_agency_id != self.agency_id
