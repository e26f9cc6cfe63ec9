"""When a service is open and what it costs."""

from __future__ import annotations

from django.db import models

from core.models import IMPERSONAL
from directory.models.base import Part, one_parent, parent


class Schedule(Part):
    """When something is open.

    Dates and times are kept as their file writes them: publishers differ in how they write
    them, and nothing is reckoned from them.
    """

    classified = IMPERSONAL

    service = parent("Service", "schedules")
    location = parent("Location", "schedules")
    service_at_location = parent("ServiceAtLocation", "schedules")
    valid_from = models.TextField(blank=True)
    valid_to = models.TextField(blank=True)
    dtstart = models.TextField(blank=True)
    until = models.TextField(blank=True)
    freq = models.CharField(max_length=10, blank=True)
    byday = models.TextField(blank=True)
    opens_at = models.TextField(blank=True)
    closes_at = models.TextField(blank=True)
    attending_type = models.TextField(blank=True)
    description = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    schedule_link = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = (
            one_parent("schedule_one_parent", "service", "location", "service_at_location"),
        )

    def __str__(self) -> str:
        return self.description or f"{self.byday} {self.opens_at}"


class CostOption(Part):
    """What somebody has to pay."""

    classified = IMPERSONAL

    service = models.ForeignKey("directory.Service", models.CASCADE, related_name="cost_options")
    valid_from = models.TextField(blank=True)
    valid_to = models.TextField(blank=True)
    option = models.TextField(blank=True)
    currency = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    amount_description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.option
