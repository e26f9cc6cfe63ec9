"""The duty rota: who answers for an agency's open cases now."""

from __future__ import annotations

from django.db import models

from access.models import Sealed
from agencies.models.agency import Agency
from agencies.models.user import User
from core.models import IMPERSONAL, BaseModel
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time


class DutyShift(Sealed, Period, BaseModel):
    """One shift of one user; it counts from when it has been published."""

    classified = IMPERSONAL

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="duty_shifts")
    user = models.ForeignKey(User, models.PROTECT, related_name="duty_shifts")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("starts", "id")
        constraints = (
            ends_after_start("duty_ends_after_start"),
            one_at_a_time(
                "duty_once", "agency", "user", message="This user is on duty there already."
            ),
        )
        indexes = (models.Index(fields=("agency", "starts"), name="duty_agency_starts"),)

    def __str__(self) -> str:
        return f"{self.user} on duty at {self.agency} from {self.starts:%Y-%m-%d %H:%M}"
