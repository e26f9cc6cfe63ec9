"""An agency, the periods in which it works here, and what it takes from a role."""

from __future__ import annotations

from django.db import models

from agencies.enums import ROLE_CHOICES, AgencyKind
from agencies.roles import PERMISSIONS
from core.models import IMPERSONAL, BaseModel
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time


class Agency(BaseModel):
    """An organisation, or an integrated unit of several."""

    classified = IMPERSONAL

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    phone = models.CharField(max_length=40, blank=True)
    shift_ends = models.TimeField(
        null=True, blank=True, help_text="When a day's shift ends here, London time."
    )

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        default_permissions = ()
        permissions = list(PERMISSIONS.items())

    def __str__(self) -> str:
        return self.name

    @property
    def is_unit(self) -> bool:
        """Whether this is an integrated unit."""
        return self.kind == AgencyKind.INTEGRATED_UNIT


class AgencyActivity(Period, BaseModel):
    """A period in which an agency works here; outside it nothing opens to its people."""

    classified = IMPERSONAL

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="activities")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = (
            ends_after_start("agency_activity_ends_after_start"),
            one_at_a_time(
                "agency_active_once", "agency", message="The agency is active in that period."
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency} from {self.starts:%Y-%m-%d}"


class WithheldPermission(BaseModel):
    """A permission that an agency takes from a role; it can take, never add."""

    classified = IMPERSONAL

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="withheld")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    permission = models.CharField(max_length=40, choices=list(PERMISSIONS.items()))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agency", "role", "permission"), name="withheld_once"),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.role} may not {self.permission}"
