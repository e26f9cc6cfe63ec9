"""“About me”: what a young person has approved, their card, and what they say with it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.models import PersonalModel
from agencies.models import User
from casework.enums import SayingKind
from core.clock import instant
from core.ids import new_reference
from core.models import IMPERSONAL, OWN
from people.models import YoungPerson


def new_card_number() -> str:
    """A new number for a card, for example AM-7K3M9Q. It says nothing about anybody."""
    return new_reference("AM")


class AboutMe(PersonalModel):
    """The page as the young person approved it: their own words, when, and how."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "words": Category.IDENTITY,
        "approved_at": Category.IDENTITY,
        "approved_how": Category.IDENTITY,
        "recorded_by": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="about_me")
    words = models.TextField(blank=True)
    approved_at = models.DateTimeField(default=instant)
    approved_how = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta(PersonalModel.Meta):
        ordering = ("-approved_at", "-id")

    def __str__(self) -> str:
        return f"about me of {self.approved_at:%Y-%m-%d}"


class Card(PersonalModel):
    """A number and a PIN, on paper: no account. The PIN is kept as a slow hash alone."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "number": OWN,
        "pin": OWN,
        "issued_at": IMPERSONAL,
        "issued_by": IMPERSONAL,
        "ended_at": IMPERSONAL,
        "failures": IMPERSONAL,
        "locked_until": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="cards")
    number = models.CharField(max_length=12, unique=True, default=new_card_number, editable=False)
    pin = models.CharField(max_length=128)
    issued_at = models.DateTimeField(default=instant)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("-issued_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_at=None), name="one_card_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return "card"


class Saying(PersonalModel):
    """What the young person did or said with the card, and what they were answered."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "kind": Category.IDENTITY,
        "words": Category.IDENTITY,
        "at": Category.IDENTITY,
        "answer": Category.IDENTITY,
        "answered_by": IMPERSONAL,
        "answered_at": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="sayings")
    kind = models.CharField(max_length=12, choices=SayingKind)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=instant)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                name="saying_answered_by_and_when",
                condition=Q(answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
