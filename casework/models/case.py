"""A case: one episode of work with one young person, and its lead worker."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from access.categories import Category
from access.history import tracked
from access.models import GuardedManager, PersonalModel, Sealed
from agencies.models import Agency, User
from casework.enums import CaseState, CloseReason
from core.clock import instant
from core.ids import new_reference
from core.models import IMPERSONAL
from core.periods import Period, PeriodQuerySet, ends_after_start, one_at_a_time
from people.models import YoungPerson
from referrals.models import Referral


def new_case_reference() -> str:
    """A new reference of a case, for example CA-5XW8RD."""
    return new_reference("CA")


_LED_CASE = """
    -- Whoever changed it need not see the case by now: this looks past the wall.
    before := coalesce(current_setting('app.through', true), '');
    PERFORM set_config('app.through', 'case.has_a_lead', true);
    leaderless := EXISTS (
        SELECT FROM casework_case c
        WHERE c.id = {case} AND c.state IN ('assessment', 'active', 'stepping_down')
          AND NOT EXISTS (
              SELECT FROM casework_leadperiod l
              WHERE l.case_id = c.id AND l.ends IS NULL
          )
    );
    PERFORM set_config('app.through', before, true);
    IF leaderless THEN
        RAISE EXCEPTION 'case_has_a_lead: a case from assessment to closing has a lead worker'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_has_a_lead';
    END IF;
    RETURN NULL;
"""
_DECLARED = [("before", "text"), ("leaderless", "boolean")]


@tracked
class Case(PersonalModel):
    """One episode of work; there is at most one open case for a person."""

    listed = "true"
    narrowed_by = ("state", "agency_id")
    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "reference": Category.POINTER,
        "agency": Category.POINTER,
        "state": Category.POINTER,
        "episode": Category.POINTER,
        "referral": IMPERSONAL,
        "opened_at": Category.POINTER,
        "closed_at": Category.POINTER,
        "close_reason": Category.IDENTITY,
        "close_note": Category.IDENTITY,
        "reopen_reason": Category.IDENTITY,
        "last_contact_at": Category.CONTACT,
        "next_contact_on": Category.CONTACT,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="cases")
    reference = models.CharField(
        max_length=12, unique=True, default=new_case_reference, editable=False
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases")
    state = models.CharField(max_length=15, choices=CaseState, default=CaseState.OPENING)
    episode = models.PositiveSmallIntegerField(default=1)
    referral = models.OneToOneField(
        Referral, models.PROTECT, null=True, blank=True, related_name="case"
    )
    opened_at = models.DateTimeField(default=instant)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=15, choices=CloseReason, blank=True)
    close_note = models.TextField(blank=True)
    reopen_reason = models.TextField(blank=True)
    last_contact_at = models.DateTimeField(
        null=True, blank=True, help_text="When anybody last logged a contact; for lists."
    )
    next_contact_on = models.DateField(
        null=True, blank=True, help_text="When the next contact is planned; for lists."
    )

    class Meta(PersonalModel.Meta):
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=~Q(state="closed"), name="one_open_case"
            ),
            models.UniqueConstraint(fields=("person", "episode"), name="episode_once"),
            models.CheckConstraint(
                name="closed_with_a_reason",
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(close_reason=""))
                | (~Q(state="closed") & Q(closed_at=None, close_reason="")),
                violation_error_message="Give the reason for closing.",
            ),
        )
        indexes = (
            # An agency's own in one state, by the person, as lists go.
            models.Index(fields=("agency", "state", "person"), name="case_agency_state"),
            models.Index(fields=("person", "-opened_at"), name="case_person"),
            # What waits for a manager, in the order in which it is shown.
            models.Index(
                fields=("agency", "opened_at", "id"),
                condition=Q(state="opening"),
                name="case_without_lead",
            ),
            models.Index(
                fields=("agency", "last_contact_at", "id"),
                condition=~Q(state__in=("closed", "opening")),
                name="case_quiet",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="has_a_lead",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                declare=_DECLARED,
                func=_LED_CASE.format(case="NEW.id"),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether the episode goes on."""
        return self.state != CaseState.CLOSED


class LeadPeriod(Sealed, Period, PersonalModel):
    """A period in which a worker is the lead worker: exactly one at any instant."""

    classified = {
        "id": IMPERSONAL,
        "person": IMPERSONAL,
        "case": IMPERSONAL,
        "worker": Category.POINTER,
        "agency": Category.POINTER,
        "starts": Category.POINTER,
        "ends": Category.POINTER,
        "assigned_by": Category.POINTER,
    }

    person = models.ForeignKey(YoungPerson, models.PROTECT, related_name="lead_periods")
    case = models.ForeignKey(Case, models.PROTECT, related_name="lead_periods")
    worker = models.ForeignKey(User, models.PROTECT, related_name="lead_periods")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta(PersonalModel.Meta):
        ordering = ("-starts", "-id")
        constraints = (
            ends_after_start("lead_ends_after_start"),
            one_at_a_time(
                "one_lead_worker", "person", message="Somebody else has just become the lead."
            ),
        )
        indexes = (
            models.Index(fields=("worker",), condition=Q(ends=None), name="lead_worker_now"),
            models.Index(fields=("case", "-starts"), name="lead_case"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="case_keeps_a_lead",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                declare=_DECLARED,
                func=_LED_CASE.format(case="NEW.case_id"),
            ),
        )

    def __str__(self) -> str:
        return f"lead from {self.starts:%Y-%m-%d}"
