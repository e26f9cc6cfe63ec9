"""Emergency access: opened by one user, accounted for by them, reviewed by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from access.categories import Category
from access.models import PersonalModel, Sealed
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL
from people.models import YoungPerson
from sharing.enums import EmergencyOutcome, EmergencyRisk
from sharing.models.involvement import Involvement


class BreakGlass(Sealed, PersonalModel):
    """One time that a user opened a record in an emergency."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "user": IMPERSONAL,
        "agency": IMPERSONAL,
        "lead_agency": IMPERSONAL,
        "risk": Category.SAFETY,
        "reason": Category.SAFETY,
        "fitted": IMPERSONAL,
        "involvement": IMPERSONAL,
        "opened_at": IMPERSONAL,
        "account_due_at": IMPERSONAL,
        "account": Category.SAFETY,
        "accounted_at": IMPERSONAL,
        "review_due_at": IMPERSONAL,
        "reviewed_by": IMPERSONAL,
        "reviewed_at": IMPERSONAL,
        "outcome": IMPERSONAL,
        "review_note": Category.SAFETY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="emergencies")
    user = models.ForeignKey(User, models.PROTECT, related_name="emergencies")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", help_text="Whose managers review it."
    )
    risk = models.CharField(max_length=12, choices=EmergencyRisk)
    reason = models.TextField()
    fitted = models.JSONField(default=list, help_text="The names of the facts that were stated.")
    involvement = models.OneToOneField(Involvement, models.PROTECT, related_name="break_glass")
    opened_at = models.DateTimeField(default=instant)
    account_due_at = models.DateTimeField()
    account = models.TextField(blank=True)
    accounted_at = models.DateTimeField(null=True, blank=True)
    review_due_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=EmergencyOutcome, blank=True)
    review_note = models.TextField(blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="emergency_reviewed_by_a_second_user",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("user")),
                violation_error_message="A second person must review it.",
            ),
            models.CheckConstraint(
                name="emergency_reviewed_by_and_when",
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("user", "account_due_at"),
                condition=Q(accounted_at=None),
                name="emergency_owed",
            ),
            models.Index(
                fields=("review_due_at",), condition=Q(reviewed_at=None), name="emergency_open"
            ),
            models.Index(
                fields=("lead_agency", "review_due_at", "id"),
                condition=Q(reviewed_at=None),
                name="emergency_to_review",
            ),
            models.Index(fields=("person", "-opened_at"), name="emergency_person"),
        )

    def __str__(self) -> str:
        return f"emergency access of {self.opened_at:%Y-%m-%d}"
