"""How to make contact with a young person, safely."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Right

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel
from core.clock import instant
from core.models import IMPERSONAL
from core.versions import Versioned
from people.enums import ContactKind
from people.models.young_person import YoungPerson

DIGITS = Func(
    F("value"),
    Value(r"\D"),
    Value(""),
    Value("g"),
    function="regexp_replace",
    output_field=models.CharField(),
)
"""The digits of a phone number, however it was written down."""


@tracked
class ContactPoint(Versioned, PersonalModel):
    """One way to make contact, whether it is safe to use, and once it is over, why."""

    classified = {
        "id": IMPERSONAL,
        "version": IMPERSONAL,
        "person": IMPERSONAL,
        "kind": Category.CONTACT,
        "value": Category.CONTACT,
        "is_safe": Category.CONTACT,
        "note": Category.CONTACT,
        "since": Category.CONTACT,
        "ended_at": Category.CONTACT,
        "end_reason": Category.CONTACT,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind)
    value = models.CharField(max_length=300)
    is_safe = models.BooleanField(
        null=True, blank=True, help_text="Safe to use; none when nobody has asked."
    )
    note = models.CharField(max_length=300, blank=True, help_text="When and how to use it.")
    since = models.DateTimeField(default=instant)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("kind", "since", "id")
        indexes = (models.Index(Right(DIGITS, 10), name="contact_digits"),)
        constraints = (
            models.CheckConstraint(
                name="contact_ended_for_a_reason",
                condition=Q(ended_at=None, end_reason="")
                | Q(ended_at__isnull=False) & ~Q(end_reason=""),
                violation_error_message="Say why it is no longer in use.",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
