"""The withdrawal of a consent, or of one line of it: when, how, and who was told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from access.categories import Category
from access.fields import CategoriesField
from access.models import GuardedManager, PersonalModel, Sealed
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL, BaseModel
from people.models import YoungPerson
from sharing.enums import Channel, ReceiptAnswer
from sharing.models.consent import Consent


class Withdrawal(Sealed, PersonalModel):
    """What one withdrawal ended and left, as it stood at that instant.

    Source: the design page on law ("when, how, who was told, any later basis").
    """

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "consent": IMPERSONAL,
        "at": Category.IDENTITY,
        "channel": Category.IDENTITY,
        "words": Category.IDENTITY,
        "categories": Category.IDENTITY,
        "ended": IMPERSONAL,
        "goes_on": IMPERSONAL,
        "held_by": Category.IDENTITY,
        "recorded_by": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="withdrawals")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="withdrawals")
    at = models.DateTimeField(default=instant)
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    words = models.TextField(blank=True)
    categories = CategoriesField(help_text="What the lines that ended had carried.")
    ended = ArrayField(models.UUIDField(), help_text="The involvements that it ended.")
    goes_on = ArrayField(
        models.UUIDField(), default=list, help_text="Involvements of the same agencies that go on."
    )
    held_by = ArrayField(
        models.UUIDField(), default=list, help_text="Users who had read it: they may hold copies."
    )
    recorded_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="None when the young person did it with their card.",
    )

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"withdrawal of {self.at:%Y-%m-%d}"


class Receipt(BaseModel):
    """Tells one user that something shared with them was taken back. It never says about whom.

    The user may no longer see the person: this row names no one, and `withdrawal` is a
    number to quote, no key.
    """

    classified = IMPERSONAL

    user = models.ForeignKey(User, models.PROTECT, related_name="receipts")
    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    withdrawal = models.UUIDField()
    at = models.DateTimeField(default=instant)
    answer = models.CharField(max_length=12, choices=ReceiptAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("withdrawal", "user"), name="one_receipt_each"),
            models.CheckConstraint(
                name="receipt_answered_when",
                condition=models.Q(answer="", answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"receipt of {self.at:%Y-%m-%d}"
