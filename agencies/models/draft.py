"""A draft: what a user has typed into a form and not yet saved."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from agencies.models.membership import Membership
from core.clock import instant
from core.models import IMPERSONAL, OWN, BaseModel


class Draft(BaseModel):
    """The values of one form, encrypted, for one membership alone.

    What was typed is nobody's record yet. It comes back only to who typed it, and only
    while they may still see the person it is about.
    """

    classified = {
        "id": IMPERSONAL,
        "membership": IMPERSONAL,
        "key": IMPERSONAL,
        "person_id": IMPERSONAL,
        "sealed_values": OWN,
        "saved_at": IMPERSONAL,
    }

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=120, help_text="Which form about whom.")
    person_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    sealed_values = models.BinaryField()
    saved_at = models.DateTimeField(default=instant)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("membership", "key"), name="draft_once"),)
        indexes = (models.Index(fields=("saved_at",), name="draft_saved_at"),)

    def __str__(self) -> str:
        return self.key
