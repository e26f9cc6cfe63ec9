"""Alerts: a message that must be seen now, and climbs until it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.models import PersonalModel
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL
from people.models import YoungPerson
from tasking.enums import AlertKind, AlertLevel


class Alert(PersonalModel):
    """One message with an owner and a seen-at time."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "kind": IMPERSONAL,
        "message": Category.SAFETY,
        "callback": Category.SAFETY,
        "raised_by": IMPERSONAL,
        "raised_by_name": Category.SAFETY,
        "raised_at": IMPERSONAL,
        "agency": IMPERSONAL,
        "owner": IMPERSONAL,
        "level": IMPERSONAL,
        "climbs_at": IMPERSONAL,
        "seen_at": IMPERSONAL,
        "seen_by": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=12, choices=AlertKind, default=AlertKind.TELL_LEAD)
    message = models.TextField()
    callback = models.CharField(max_length=60, blank=True)
    raised_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="alerts_raised"
    )
    raised_by_name = models.CharField(max_length=200, blank=True)
    raised_at = models.DateTimeField(default=instant)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="alerts")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="alerts_owned"
    )
    level = models.CharField(max_length=12, choices=AlertLevel)
    climbs_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(PersonalModel.Meta):
        ordering = ("-raised_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="alert_seen_by_and_when",
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("climbs_at",), condition=Q(seen_at=None), name="alert_climbs"),
            models.Index(fields=("owner",), condition=Q(seen_at=None), name="alert_owner"),
            models.Index(
                fields=("agency", "raised_at", "id"),
                condition=Q(seen_at=None),
                name="alert_agency_open",
            ),
            models.Index(fields=("person", "-raised_at"), name="alert_person"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
