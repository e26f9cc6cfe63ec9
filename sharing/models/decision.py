"""Sharing decisions: share, or do not share, on a lawful basis other than consent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from access.categories import Category
from access.fields import CategoriesField
from access.models import GuardedManager, PersonalModel, Sealed
from agencies.enums import AgencyKind
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL, BaseModel
from people.models import YoungPerson
from sharing.enums import DecisionKind, DecisionState, Limb
from sharing.models.involvement import Involvement


class LawfulBasis(BaseModel):
    """A row of the register of lawful bases: data, with the dates in which it holds."""

    classified = IMPERSONAL

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    who = ArrayField(
        models.CharField(max_length=20, choices=AgencyKind),
        default=list,
        blank=True,
        help_text="Kinds of agency that may share by it, as the agency that decides; empty: all.",
    )
    to = ArrayField(
        models.CharField(max_length=20, choices=AgencyKind),
        default=list,
        blank=True,
        help_text="Kinds of agency that may be given information by it; empty: all.",
    )
    categories = CategoriesField(help_text="What it can carry.")
    must_record = models.CharField(max_length=300, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "lawful bases"

    def __str__(self) -> str:
        return self.name


class ProcessingCondition(BaseModel):
    """A condition for special-category or offence data: data, with the dates in which it holds.

    Source: UK GDPR Articles 9 and 10; Data Protection Act 2018, Schedule 1.
    """

    classified = IMPERSONAL

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    special = models.BooleanField(help_text="Serves for special-category data (Article 9).")
    offence = models.BooleanField(help_text="Serves for offence data (Article 10).")
    needs_limb = models.BooleanField(
        default=False, help_text="Asks which limb of Schedule 1, paragraph 18 applies."
    )
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SharingRound(Sealed, PersonalModel):
    """The routine partners of a plan, decided on together until the next review."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "until": Category.IDENTITY,
        "proposed_by": Category.IDENTITY,
        "proposed_at": Category.IDENTITY,
        "decided_at": Category.IDENTITY,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="sharing_rounds")
    until = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=instant)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-proposed_at", "-id")

    def __str__(self) -> str:
        return f"round of {self.proposed_at:%Y-%m-%d}"


class SharingDecision(Sealed, PersonalModel):
    """Share / do not share: what, to whom, why, on which basis, and whether they were told."""

    listed = (
        "NOT {shared} OR t.agency_id = {agency} AND (t.worker_id IS NULL OR t.worker_id = {asker})"
    )
    audited = True
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "share": Category.IDENTITY,
        "kind": Category.IDENTITY,
        "agency": Category.IDENTITY,
        "worker": Category.IDENTITY,
        "categories": Category.IDENTITY,
        "lawful_basis": Category.IDENTITY,
        "condition": Category.IDENTITY,
        "conditions": Category.IDENTITY,
        "limb": Category.IDENTITY,
        "at_risk_reason": Category.IDENTITY,
        "necessity": Category.IDENTITY,
        "proportionality": Category.IDENTITY,
        "told": Category.IDENTITY,
        "not_told_reason": Category.IDENTITY,
        "until": Category.IDENTITY,
        "state": Category.IDENTITY,
        "proposed_by": Category.IDENTITY,
        "proposed_at": Category.IDENTITY,
        "decided_by": Category.IDENTITY,
        "decided_at": Category.IDENTITY,
        "decided_reason": Category.IDENTITY,
        "involvement": IMPERSONAL,
        "ended_at": Category.IDENTITY,
        "round": IMPERSONAL,
        "warned": Category.IDENTITY,
        "review_by": Category.IDENTITY,
        "reviewed_by": Category.IDENTITY,
        "reviewed_at": Category.IDENTITY,
        "review_words": Category.IDENTITY,
        "climbed": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="sharing_decisions")
    share = models.BooleanField()
    kind = models.CharField(max_length=12, choices=DecisionKind)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    worker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    categories = CategoriesField()
    lawful_basis = models.ForeignKey(LawfulBasis, models.PROTECT, related_name="+")
    condition = models.CharField(
        max_length=300, blank=True, help_text="Condition for special-category or offence data."
    )
    conditions = ArrayField(
        models.SlugField(), default=list, blank=True, help_text="Codes of the register."
    )
    limb = models.CharField(max_length=20, choices=Limb, blank=True)
    at_risk_reason = models.TextField(blank=True, help_text="Why an adult is at risk.")
    necessity = models.TextField()
    proportionality = models.TextField(blank=True)
    told = models.BooleanField()
    not_told_reason = models.TextField(blank=True)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=instant)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_reason = models.TextField(blank=True)
    involvement = models.OneToOneField(
        Involvement, models.PROTECT, null=True, blank=True, related_name="sharing_decision"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    round = models.ForeignKey(
        SharingRound, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    warned = ArrayField(
        models.CharField(max_length=300),
        default=list,
        blank=True,
        help_text="What the proposer was warned of, and proposed it all the same.",
    )
    review_by = models.DateTimeField(
        null=True, blank=True, help_text="When a manager has to have looked at it."
    )
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_words = models.TextField(blank=True)
    climbed = models.PositiveSmallIntegerField(
        default=0, help_text="How far a late review has climbed."
    )

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="decided_by_a_second_user",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                violation_error_message="A second person must decide.",
            ),
            models.CheckConstraint(
                name="told_or_why_not",
                condition=Q(told=True) | ~Q(not_told_reason=""),
                violation_error_message="Say why the young person was not told.",
            ),
            models.CheckConstraint(
                name="reviewed_by_and_when",
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="decided_by_and_when",
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("proposed_at",), condition=Q(state="proposed"), name="decision_waiting"
            ),
            models.Index(
                fields=("review_by",), condition=Q(reviewed_at=None), name="decision_review"
            ),
            # In the order of the auditors' register.
            models.Index(fields=("-proposed_at", "-id"), name="decision_proposed"),
        )

    def __str__(self) -> str:
        return f"decision of {self.proposed_at:%Y-%m-%d}"
