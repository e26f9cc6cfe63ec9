"""Referrals: requests for help, from any door."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from access.categories import Category
from access.fields import CategoriesField
from access.history import tracked
from access.models import GuardedManager, PersonalModel
from agencies.models import Agency, User
from core.clock import instant
from core.ids import new_reference
from core.models import BY_ROW, IMPERSONAL
from directory.models import Service
from people.models import YoungPerson
from referrals.enums import DeclineReason, Door, Known, ReferralState


def new_referral_reference() -> str:
    """A new reference of a referral, for example RF-9C2KTM."""
    return new_reference("RF")


@tracked
class Referral(PersonalModel):
    """One request for help, as the referrer put it, and what was decided.

    Its narrative belongs to the components in which help is asked (`categories`).
    """

    listed = "t.sent_to_id = {agency} OR t.referrer_id = {asker}"
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "reference": Category.POINTER,
        "sent_to": Category.POINTER,
        "state": Category.POINTER,
        "received_at": Category.POINTER,
        "door": Category.IDENTITY,
        "referrer": Category.IDENTITY,
        "referrer_agency": Category.IDENTITY,
        "referrer_name": Category.IDENTITY,
        "referrer_contact": Category.IDENTITY,
        "categories": IMPERSONAL,
        "why_now": BY_ROW,
        "wants": BY_ROW,
        "knows": Category.IDENTITY,
        "agrees": Category.IDENTITY,
        "safe_contact": Category.CONTACT,
        "immediate_danger": Category.SAFETY,
        "release_on": Category.OFFENDING,
        "decided_by": Category.IDENTITY,
        "decided_at": Category.IDENTITY,
        "decline_reason": Category.IDENTITY,
        "decision_note": Category.IDENTITY,
        "age_reason": Category.IDENTITY,
        "pointed_to": Category.IDENTITY,
        "pointed_service": Category.IDENTITY,
        "next_contact": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="referrals")
    reference = models.CharField(
        max_length=12, unique=True, default=new_referral_reference, editable=False
    )
    sent_to = models.ForeignKey(Agency, models.PROTECT, related_name="referrals")
    door = models.CharField(max_length=20, choices=Door)
    referrer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    referrer_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+"
    )
    referrer_name = models.CharField(max_length=150, blank=True)
    referrer_contact = models.CharField(max_length=200, blank=True)
    categories = CategoriesField()
    why_now = models.TextField()
    wants = models.TextField(blank=True)
    knows = models.CharField(max_length=10, choices=Known)
    agrees = models.CharField(max_length=10, choices=Known)
    safe_contact = models.TextField(blank=True)
    immediate_danger = models.TextField(blank=True)
    release_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(default=instant)
    state = models.CharField(max_length=10, choices=ReferralState, default=ReferralState.RECEIVED)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    decision_note = models.TextField(blank=True)
    age_reason = models.TextField(
        blank=True, help_text="Why somebody outside the usual ages was accepted."
    )
    pointed_service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pointed_to = models.CharField(max_length=200, blank=True)
    next_contact = models.CharField(
        max_length=200, blank=True, help_text="The person to call there."
    )

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-received_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="referral_decided_by_and_when",
                condition=Q(state="received", decided_by=None, decided_at=None)
                | Q(
                    state__in=["accepted", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="declined_points_somewhere",
                condition=~Q(state="declined")
                | (
                    ~Q(decline_reason="")
                    & (~Q(pointed_to="") | Q(pointed_service__isnull=False) | ~Q(next_contact=""))
                ),
                violation_error_message="Say where they were pointed to instead.",
            ),
        )
        indexes = (
            models.Index(
                fields=("sent_to", "received_at", "id"),
                condition=Q(state="received"),
                name="referral_waiting_now",
            ),
            # In the whole order of their lists: many come in on one day.
            models.Index(fields=("sent_to", "-received_at", "-id"), name="referral_in_order"),
            models.Index(
                fields=("sent_to", "state", "-received_at", "-id"), name="referral_by_state"
            ),
            models.Index(fields=("referrer", "-received_at"), name="referral_referrer"),
            models.Index(fields=("person", "-received_at"), name="referral_person"),
        )

    def __str__(self) -> str:
        return self.reference
