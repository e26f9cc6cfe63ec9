"""What is offered, for whom and how to get it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q

from core.models import IMPERSONAL
from core.versions import Versioned
from directory.enums import Status
from directory.models.base import Described
from directory.models.organization import Organization


class Service(Versioned, Described):
    """One service that a young person can be pointed to, or step down to.

    The organisation may be missing: Open Referral does not require it.
    """

    classified = IMPERSONAL

    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="services"
    )
    name = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    alternate_name = models.TextField(blank=True)
    description = models.TextField(blank=True)
    url = models.TextField(blank=True)
    email = models.TextField(blank=True)
    application_process = models.TextField(blank=True)
    wait_time = models.TextField(blank=True)
    fees_description = models.TextField(blank=True)
    eligibility_description = models.TextField(blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    assured_date = models.DateField(null=True, blank=True)
    assurer_email = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    last_modified = models.DateTimeField(null=True, blank=True)

    # Our own, never from a file.
    in_feed = models.BooleanField(
        default=False, help_text="Shown in the open feed. Never a refuge, never a safe venue."
    )
    last_checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    funding_ends_on = models.DateField(null=True, blank=True)
    takes_step_down = models.BooleanField(
        default=False, help_text="Has said that it takes young people stepping down."
    )

    search = models.GeneratedField(
        expression=(
            SearchVector("name", "alternate_name", weight="A", config="english")
            + SearchVector("description", "eligibility_description", weight="B", config="english")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                name="service_status_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="service_ages_in_order",
                condition=Q(minimum_age=None)
                | Q(maximum_age=None)
                | Q(maximum_age__gte=F("minimum_age")),
                violation_error_message="The oldest age must not be below the youngest.",
            ),
        )
        indexes = (
            models.Index(fields=("name", "id"), name="service_by_name"),
            models.Index(
                fields=("name", "id"),
                condition=Q(in_feed=True, status=Status.ACTIVE),
                name="service_in_feed",
            ),
            GinIndex(fields=("search",), name="service_search"),
            GinIndex(fields=("name",), opclasses=("gin_trgm_ops",), name="service_name_trgm"),
        )

    def __str__(self) -> str:
        return self.name
