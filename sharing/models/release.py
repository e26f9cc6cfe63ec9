"""The release of a safe address to one worker of another agency: by two people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from access.categories import Category
from access.models import PersonalModel, Sealed
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL
from people.models import YoungPerson
from sharing.models.involvement import Involvement


class SafeAddressRelease(Sealed, PersonalModel):
    """Asked for by who knows the address, and decided by a manager: never the same user."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "agency": IMPERSONAL,
        "worker": IMPERSONAL,
        "reason": Category.SAFETY,
        "until": IMPERSONAL,
        "proposed_by": IMPERSONAL,
        "proposed_at": IMPERSONAL,
        "decided_by": IMPERSONAL,
        "decided_at": IMPERSONAL,
        "released": IMPERSONAL,
        "involvement": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    worker = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    until = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=instant)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    released = models.BooleanField(null=True)
    involvement = models.OneToOneField(
        Involvement, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(PersonalModel.Meta):
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="released_by_a_second_user",
                condition=Q(decided_by=None)
                | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("worker")),
                violation_error_message="A second person must decide.",
            ),
        )

    def __str__(self) -> str:
        return "release of a safe address"
