"""Changes to the registers, and the impact assessments that open gates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from access.models import Sealed
from agencies.models import Agency, User
from core.clock import instant
from core.models import IMPERSONAL, BaseModel
from sharing.enums import ChangeState, Feature, Register


class RegisterChange(Sealed, BaseModel):
    """New dates for a row of a register: proposed by one administrator, decided by another."""

    classified = IMPERSONAL

    register = models.CharField(max_length=10, choices=Register)
    code = models.SlugField()
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=instant)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="change_by_a_second_administrator",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                violation_error_message="A second administrator must decide.",
            ),
            models.UniqueConstraint(
                fields=("register", "code"),
                condition=Q(state="proposed"),
                name="one_change_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"change of {self.code}"


class ImpactAssessment(Sealed, BaseModel):
    """One version of a data-protection and equality impact assessment of one feature.

    Signed off by a second user it opens the gate of that feature for its agency, until it
    is taken back. A new version is a new row.
    """

    classified = IMPERSONAL

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="impact_assessments")
    feature = models.CharField(max_length=10, choices=Feature)
    version = models.PositiveSmallIntegerField()
    data_protection = models.TextField(help_text="The risks to people, and what is done.")
    equality = models.TextField(help_text="Whom it may treat differently, and what is done.")
    document = models.CharField(max_length=300, blank=True, help_text="Where the whole of it is.")
    review_on = models.DateField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=instant)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("feature", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "feature", "version"), name="assessment_version"
            ),
            models.CheckConstraint(
                name="signed_by_a_second_user",
                condition=Q(signed_by=None, signed_at=None)
                | (
                    Q(signed_by__isnull=False, signed_at__isnull=False)
                    & ~Q(signed_by=F("written_by"))
                ),
                violation_error_message="A second person must sign.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_feature_display()}, version {self.version}"
