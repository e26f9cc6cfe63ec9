"""“Ring me”: somebody has a young person in front of them and leaves a number."""

from __future__ import annotations

from django.db import models

from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL, OWN, BaseModel


class RingMe(BaseModel):
    """One such request. What was typed is sealed, and forgotten once it has been matched.

    It points at nobody: whether the young person is known is never written beside it.
    """

    classified = {
        "id": IMPERSONAL,
        "asked_by": IMPERSONAL,
        "agency": IMPERSONAL,
        "asked_by_name": OWN,
        "asked_at": IMPERSONAL,
        "sealed": OWN,
        "answered_at": IMPERSONAL,
    }

    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=instant)
    sealed = models.BinaryField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"ring me of {self.asked_at:%Y-%m-%d %H:%M}"
