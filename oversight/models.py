"""What auditors do: samples, checklists, looks for cause, findings, alerts, views."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from access.categories import Category
from access.models import PersonalModel
from agencies.models import Agency, User
from core.clock import instant
from core.ids import new_reference
from core.models import IMPERSONAL, BaseModel
from oversight.enums import (
    AlertLevel,
    Cause,
    CauseState,
    FindingState,
    Question,
    ReadingKind,
    Reply,
    SampleKind,
)
from people.models import YoungPerson
from sharing.models import ConsentLine, Involvement, SharingDecision


def new_sample_reference() -> str:
    """A new reference of a sample, for example SA-4D8QXN."""
    return new_reference("SA")


def new_finding_reference() -> str:
    """A new reference of a finding."""
    return new_reference("FI")


class Sample(BaseModel):
    """Shares drawn from those of a period; the seed draws the same ones again."""

    classified = IMPERSONAL

    reference = models.CharField(max_length=12, unique=True, default=new_sample_reference)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="samples")
    kind = models.CharField(max_length=10, choices=SampleKind)
    seed = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField()
    weights = models.JSONField(default=dict, help_text="What each risk added; empty at random.")
    drawn_from = models.PositiveIntegerField(help_text="Shares of the period that were there.")
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=instant)

    class Meta:
        ordering = ("-drawn_at", "-id")
        indexes = (models.Index(fields=("agency", "-drawn_at"), name="sample_agency"),)

    def __str__(self) -> str:
        return self.reference


class SampledShare(PersonalModel):
    """One share in a sample: a line of a consent, or a sharing decision."""

    audited = True
    classified = IMPERSONAL

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="shares")
    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField(help_text="In the order in which they were drawn.")
    line = models.ForeignKey(ConsentLine, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(SharingDecision, models.PROTECT, null=True, related_name="+")
    risks = ArrayField(models.CharField(max_length=20), default=list)

    class Meta(PersonalModel.Meta):
        ordering = ("place", "id")
        constraints = (
            models.UniqueConstraint(fields=("sample", "place"), name="sampled_place"),
            models.CheckConstraint(
                name="sampled_is_one_share",
                condition=Q(line=None, decision__isnull=False)
                | Q(line__isnull=False, decision=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place}"

    @property
    def share(self) -> ConsentLine | SharingDecision:
        """What was sampled."""
        found = self.line or self.decision
        assert found is not None
        return found


class CheckAnswer(PersonalModel):
    """One answer on the checklist of a sampled share."""

    audited = True
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "share": IMPERSONAL,
        "question": IMPERSONAL,
        "answer": Category.IDENTITY,
        "answered_by": IMPERSONAL,
        "answered_at": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    share = models.ForeignKey(SampledShare, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=10, choices=Question)
    answer = models.CharField(max_length=8, choices=Reply)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=instant)

    class Meta(PersonalModel.Meta):
        constraints = (models.UniqueConstraint(fields=("share", "question"), name="answered_once"),)

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class CauseReview(PersonalModel):
    """A look at one person's record for cause: asked for by one user, decided by another."""

    audited = True
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "agency": IMPERSONAL,
        "cause": Category.IDENTITY,
        "reason": Category.IDENTITY,
        "asked_by": IMPERSONAL,
        "asked_at": IMPERSONAL,
        "state": IMPERSONAL,
        "decided_by": IMPERSONAL,
        "decided_at": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=Cause)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=instant)
    state = models.CharField(max_length=10, choices=CauseState, default=CauseState.ASKED)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="cause_decided_by_a_second_user",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                violation_error_message="A second person must decide.",
            ),
            models.CheckConstraint(
                name="cause_decided_by_and_when",
                condition=Q(state=CauseState.ASKED, decided_by=None, decided_at=None)
                | (
                    ~Q(state=CauseState.ASKED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
            ),
        )
        indexes = (models.Index(fields=("agency", "-asked_at"), name="cause_agency"),)

    def __str__(self) -> str:
        return self.get_cause_display()


class SampleOpening(PersonalModel):
    """The content of a sampled share, or of a look for cause, opened for a time with a reason."""

    audited = True
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "share": IMPERSONAL,
        "cause": IMPERSONAL,
        "reason": Category.IDENTITY,
        "opened_by": IMPERSONAL,
        "opened_at": IMPERSONAL,
        "ends": IMPERSONAL,
        "involvement": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    share = models.ForeignKey(SampledShare, models.PROTECT, null=True, related_name="openings")
    cause = models.ForeignKey(CauseReview, models.PROTECT, null=True, related_name="openings")
    reason = models.TextField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=instant)
    ends = models.DateTimeField()
    involvement = models.OneToOneField(Involvement, models.PROTECT, related_name="+")

    class Meta(PersonalModel.Meta):
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="opened_for_one_thing",
                condition=Q(share=None, cause__isnull=False) | Q(share__isnull=False, cause=None),
            ),
        )

    def __str__(self) -> str:
        return f"opened until {self.ends.isoformat()}"


class Finding(PersonalModel):
    """Something that is not as it should be, with somebody who answers for it and a day."""

    audited = True
    owned_by = "owner_id"
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "reference": IMPERSONAL,
        "agency": IMPERSONAL,
        "share": IMPERSONAL,
        "cause": IMPERSONAL,
        "what": Category.IDENTITY,
        "owner": IMPERSONAL,
        "due_on": IMPERSONAL,
        "raised_by": IMPERSONAL,
        "raised_at": IMPERSONAL,
        "state": IMPERSONAL,
        "reply": Category.IDENTITY,
        "replied_at": IMPERSONAL,
        "closed_by": IMPERSONAL,
        "closed_at": IMPERSONAL,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12, unique=True, default=new_finding_reference)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="findings")
    share = models.ForeignKey(SampledShare, models.PROTECT, null=True, related_name="findings")
    cause = models.ForeignKey(CauseReview, models.PROTECT, null=True, related_name="findings")
    what = models.TextField()
    owner = models.ForeignKey(User, models.PROTECT, related_name="findings_owned")
    due_on = models.DateField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=instant)
    state = models.CharField(max_length=8, choices=FindingState, default=FindingState.OPEN)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(PersonalModel.Meta):
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                name="finding_closed_by_and_when",
                condition=Q(closed_by=None, closed_at=None)
                | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_closed_by_another_than_its_owner",
                condition=Q(closed_by=None) | ~Q(closed_by=F("owner")),
                violation_error_message="Whoever answers for it can't close it.",
            ),
        )
        indexes = (
            models.Index(fields=("agency", "due_on"), name="finding_agency"),
            models.Index(fields=("owner", "due_on"), name="finding_owner"),
        )

    def __str__(self) -> str:
        return self.reference


class ReadingAlert(BaseModel):
    """Somebody's reading stands out: about a user, not about a young person."""

    classified = IMPERSONAL

    kind = models.CharField(max_length=10, choices=ReadingKind)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()
    people = models.PositiveIntegerField(help_text="Of so many they read that day.")
    usual = models.PositiveIntegerField(help_text="Of so many on the middle one of their days.")
    raised_at = models.DateTimeField(default=instant)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    level = models.CharField(max_length=10, choices=AlertLevel, default=AlertLevel.AUDITOR)
    climbs_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("-raised_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("agency", "user", "day", "kind"), name="alerted_once"),
            models.CheckConstraint(
                name="reading_answered_by_and_when",
                condition=Q(answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reading_answered_by_another_user",
                condition=Q(answered_by=None) | ~Q(answered_by=F("user")),
                violation_error_message="Nobody answers for their own reading.",
            ),
        )
        indexes = (
            models.Index(
                fields=("climbs_at",), condition=Q(answered_at=None), name="reading_climbs"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class SavedView(BaseModel):
    """Filters of a register that the auditors of an agency keep and share.

    Never one young person's reference: a view is of a kind of entry.
    """

    classified = IMPERSONAL

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    register = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    filters = models.JSONField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=instant)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("agency", "register", "name"), name="view_named_once"),
        )

    def __str__(self) -> str:
        return self.name
