"""Consent: who agreed, to whom seeing what, until when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from access.categories import Category
from access.fields import CategoriesField
from access.models import GuardedManager, PersonalModel, Sealed
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL
from people.models import YoungPerson
from sharing.enums import Channel, Competence, ConsentPlace, Giver, Purpose, Responsibility
from sharing.models.involvement import Involvement


class Consent(Sealed, PersonalModel):
    """One conversation in which consent was given, with what makes it valid.

    Source: UK GDPR Article 7, and the design page on law.
    """

    listed = (
        "NOT {shared} OR EXISTS (SELECT FROM sharing_consentline line"
        " WHERE line.consent_id = t.id AND line.agency_id = {agency}"
        " AND (line.worker_id IS NULL OR line.worker_id = {asker}))"
    )
    audited = True
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "giver": Category.IDENTITY,
        "giver_name": Category.IDENTITY,
        "competence": Category.IDENTITY,
        "competence_reasons": Category.IDENTITY,
        "parental_responsibility": Category.IDENTITY,
        "warned": Category.IDENTITY,
        "wording_version": Category.IDENTITY,
        "language": Category.IDENTITY,
        "channel": Category.IDENTITY,
        "place": Category.IDENTITY,
        "purposes": Category.IDENTITY,
        "given_at": Category.IDENTITY,
        "recorded_by": Category.IDENTITY,
        "withdrawn_at": Category.IDENTITY,
        "withdrawal_words": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="consents")
    giver = models.CharField(max_length=20, choices=Giver)
    giver_name = models.CharField(max_length=150, blank=True)
    competence = models.CharField(max_length=10, choices=Competence)
    competence_reasons = models.TextField(blank=True)
    parental_responsibility = models.CharField(
        max_length=10, choices=Responsibility, blank=True, help_text="Of a parent who consents."
    )
    warned = ArrayField(
        models.CharField(max_length=300),
        default=list,
        blank=True,
        help_text="What the worker was warned of, and recorded it all the same.",
    )
    wording_version = models.CharField(max_length=20)
    language = models.CharField(max_length=60)
    channel = models.CharField(max_length=20, choices=Channel)
    place = models.CharField(max_length=30, choices=ConsentPlace)
    purposes = ArrayField(models.CharField(max_length=20, choices=Purpose))
    given_at = models.DateTimeField(default=instant)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_words = models.TextField(blank=True)

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-given_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="assessed_with_reasons",
                condition=~Q(competence=Competence.ASSESSED) | ~Q(competence_reasons=""),
                violation_error_message="Say why the young person is competent to consent.",
            ),
        )
        indexes = (
            # In the order of the auditors' register.
            models.Index(fields=("-given_at", "-id"), name="consent_given"),
            models.Index(
                fields=("withdrawn_at",),
                condition=Q(withdrawn_at__isnull=False),
                name="consent_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"consent of {self.given_at:%Y-%m-%d}"


class ConsentLine(Sealed, PersonalModel):
    """One row of the grid: one recipient, the categories agreed, until when."""

    audited = True
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "consent": IMPERSONAL,
        "agency": Category.IDENTITY,
        "worker": Category.IDENTITY,
        "whole_agency_reason": Category.IDENTITY,
        "categories": Category.IDENTITY,
        "until": Category.IDENTITY,
        "involvement": IMPERSONAL,
        "ended_at": Category.IDENTITY,
        "replaced_by": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="consent_lines")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="lines")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    worker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    whole_agency_reason = models.CharField(max_length=300, blank=True)
    categories = CategoriesField()
    until = models.DateTimeField()
    involvement = models.OneToOneField(Involvement, models.PROTECT, related_name="consent_line")
    ended_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        help_text="What was agreed afterwards with the same recipient, in place of this.",
    )

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("agency__name", "id")
        constraints = (
            models.CheckConstraint(
                name="whole_agency_with_reason",
                condition=Q(worker__isnull=False) | ~Q(whole_agency_reason=""),
                violation_error_message="Say why the whole agency needs it.",
            ),
        )

    def __str__(self) -> str:
        return f"share with {self.agency_id}"
