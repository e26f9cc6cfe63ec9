"""How to make contact with a young person, safely."""

from __future__ import annotations

from django.db import models

from access.categories import Category
from access.history import tracked
from access.models import PersonalModel
from core.clock import instant
from core.models import IMPERSONAL
from people.enums import ContactKind
from people.models.young_person import YoungPerson


@tracked
class ContactPoint(PersonalModel):
    """One way to make contact, and whether it is safe to use."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "kind": Category.CONTACT,
        "value": Category.CONTACT,
        "is_safe": Category.CONTACT,
        "note": Category.CONTACT,
        "since": Category.CONTACT,
        "ended_at": Category.CONTACT,
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

    class Meta(PersonalModel.Meta):
        ordering = ("kind", "since", "id")

    def __str__(self) -> str:
        return self.get_kind_display()
