"""A notice: something awaits a user. It never says what about whom."""

from __future__ import annotations

from django.db import models

from agencies.models.membership import Membership
from agencies.models.user import User
from core.clock import instant
from core.models import IMPERSONAL, BaseModel


class NoticeKind(models.TextChoices):
    """What a notice says; the whole of its text."""

    LEAD_ASSIGNED = "lead_assigned", "You are the lead worker of another young person"
    REFERRAL_RECEIVED = "referral_received", "A referral is waiting for a decision"
    REFERRAL_DECIDED = "referral_decided", "A referral that you made has been decided"
    TASK_SET = "task_set", "You have a new task"
    TASK_BLOCKED = "task_blocked", "A task that you set is blocked"
    TASK_DUE = "task_due", "A task is due"
    ALERT = "alert", "Somebody needs to reach you about a young person now"
    CONSENT_CHANGED = "consent_changed", "What is shared with you has changed"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Something shared with you has been taken back"
    CONSENT_REFRESH = "consent_refresh", "Consent needs to be asked for again"
    SHARE_REVIEW = "share_review", "A share waits for its review"
    AGREEMENT_ENDS = "agreement_ends", "An agreement between agencies is about to end"
    PROTECTION_REVIEW = "protection_review", "Something that protects is overdue for review"
    APPROVAL_WANTED = "approval_wanted", "Something waits for your approval"
    STEP_DOWN_DECIDED = "step_down_decided", "A step-down that you proposed has been decided"
    FOLLOW_UP_DUE = "follow_up_due", "A follow-up is due"
    REVIEW_DUE = "review_due", "A review is due"
    ADDRESS_SHOWN = "address_shown", "A safe address was shown to somebody else"
    EMERGENCY_OPENED = "emergency_opened", "Somebody has opened a record in an emergency"
    EMERGENCY_ACCOUNT = "emergency_account", "Say why you opened a record in an emergency"
    EMERGENCY_REVIEW = "emergency_review", "An emergency access waits for your review"
    EMERGENCY_LATE = "emergency_late", "The review of an emergency access is late"


class Notice(BaseModel):
    """One line for one user, with a link that decides again who may open it."""

    classified = IMPERSONAL

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True)
    kind = models.CharField(max_length=30, choices=NoticeKind)
    path = models.CharField(
        max_length=200, help_text="Where to go. No reference or name of a person in it."
    )
    effect_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(default=instant)
    seen_at = models.DateTimeField(null=True, blank=True)
    email_taken_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker last began to send the e-mail."
    )
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("user", "-created_at"), name="notice_user"),)

    def __str__(self) -> str:
        return self.get_kind_display()
