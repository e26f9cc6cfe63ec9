"""What the API remembers of calls; nothing of what was in them."""

from __future__ import annotations

from django.db import models

from agencies.models import Membership
from core.clock import instant
from core.models import IMPERSONAL, BaseModel


class ApiIdempotency(BaseModel):
    """A write that named a key: the same key and body again lead to the same object.

    The object is named, never kept: a repeated call is shown it as it may be seen then.
    """

    classified = IMPERSONAL

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    key = models.UUIDField(help_text="The caller's Idempotency-Key.")
    digest = models.CharField(max_length=64, help_text="Keyed digest of the address and body.")
    resource = models.CharField(max_length=100, help_text="Name of the endpoint.")
    name = models.CharField(
        max_length=40, blank=True, help_text="Reference or id of the object that was written."
    )
    status = models.PositiveSmallIntegerField(default=201)
    at = models.DateTimeField(default=instant)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("membership", "key"), name="idempotency_key_once"),
        )
        indexes = (models.Index(fields=("at",), name="idempotency_at"),)
        verbose_name = "API idempotency key"

    def __str__(self) -> str:
        return f"{self.resource} {self.name}"


class ApiUse(BaseModel):
    """How often a membership has called in one minute, in one of several counters."""

    classified = IMPERSONAL

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    shard = models.PositiveSmallIntegerField()
    minute = models.BigIntegerField()
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("membership", "shard"), name="api_use_once"),
        )
        verbose_name = "use of the API"
        verbose_name_plural = "uses of the API"

    def __str__(self) -> str:
        return f"{self.calls} calls"
