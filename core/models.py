"""What every table has, and the outbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from core.clock import instant
from core.ids import new_id

IMPERSONAL = "impersonal"
"""Declares that a field or a whole model tells nothing of any young person."""

BY_ROW = "by row"
"""Declares that a field belongs to the categories that its own row names."""

OWN = "own"
"""Declares that a field is its user's own typing, shown to nobody else."""


class BaseModel(models.Model):
    """A row with a UUIDv7 key.

    Every concrete model declares `classified`: IMPERSONAL, or for each of its fields the
    category to which it belongs (`tests/architecture` finds those that do not).
    """

    classified: ClassVar[str | dict[str, str]]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class OutboxMessage(BaseModel):
    """An effect promised by a transaction and carried out after it, at least once.

    Written in the transaction itself, so that neither a crash nor a broker that is down
    loses it; `effect_key` makes a second carrying out do nothing.
    """

    classified = IMPERSONAL

    task = models.CharField(max_length=100, help_text="Registered name of the task.")
    arguments = models.JSONField(help_text="Identifiers only, never content.")
    effect_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(default=instant)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=instant)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "id")
        indexes = (
            models.Index(
                fields=("not_before",), condition=models.Q(sent_at=None), name="outbox_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.effect_key}"
