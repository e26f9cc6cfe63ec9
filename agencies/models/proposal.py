"""A proposal to make somebody a manager, an auditor or an administrator."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from access.models import Sealed
from agencies.enums import ROLE_CHOICES, ProposalState
from agencies.models.agency import Agency
from agencies.models.membership import Membership
from agencies.models.user import User
from core.clock import instant
from core.models import IMPERSONAL, BaseModel


class MembershipProposal(Sealed, BaseModel):
    """What one administrator proposes and a second one decides; neither for themselves."""

    classified = IMPERSONAL

    user = models.ForeignKey(User, models.PROTECT, related_name="proposals")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="proposals")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    home_agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    ends = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=instant)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    membership = models.OneToOneField(
        Membership, models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="approved_by_a_second_administrator",
                condition=~Q(state="approved")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                violation_error_message="A second administrator must approve.",
            ),
            models.CheckConstraint(
                name="nobody_grants_themselves_anything",
                condition=~Q(user=F("proposed_by"))
                & (~Q(state="approved") | ~Q(user=F("decided_by"))),
                violation_error_message="Nobody grants themselves anything.",
            ),
            models.CheckConstraint(
                name="proposal_decided_by_and_when",
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=("user", "agency", "role"),
                condition=Q(state="proposed"),
                name="proposed_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display().lower()} of {self.agency}"
