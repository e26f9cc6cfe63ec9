"""Where a relocated young person lives: sealed, in a table of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.models import PersonalModel
from core.clock import instant
from core.models import IMPERSONAL
from people.models.young_person import YoungPerson


class SafeAddress(PersonalModel):
    """One address from a time until another one replaced it; `people.vault` opens it.

    No history table: an envelope that was replaced is emptied.
    """

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "key_id": IMPERSONAL,
        "wrapped_key": Category.SAFE_ADDRESS,
        "sealed": Category.SAFE_ADDRESS,
        "since": IMPERSONAL,
        "ended_at": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="safe_addresses")
    key_id = models.CharField(max_length=12, blank=True)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    since = models.DateTimeField(default=instant)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("-since", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at=None), name="one_safe_address"
            ),
        )

    def __str__(self) -> str:
        return "safe address"
