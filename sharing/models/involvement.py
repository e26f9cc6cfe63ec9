"""Involvement: the only source of access."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from access.fields import CategoriesField
from access.models import GuardedManager, PersonalModel, Sealed
from agencies.models import Agency, User
from core.models import IMPERSONAL
from core.periods import Period, PeriodQuerySet, ends_after_start
from people.models import YoungPerson
from sharing.enums import BASIS_CHOICES


class Involvement(Sealed, Period, PersonalModel):
    """The dated fact that an agency, or one worker in it, is involved with a young person.

    `source_type` and `source_id` name the row that it follows from: a consent's line, a
    decision, a case, a task. It is ended, never deleted.
    """

    listed = (
        "NOT {shared} OR t.agency_id = {agency} AND (t.worker_id IS NULL OR t.worker_id = {asker})"
    )
    audited = True
    classified = IMPERSONAL

    # The indexes below begin with each of these three: none of their own.
    person = models.ForeignKey(
        YoungPerson, models.PROTECT, related_name="involvements", db_index=False
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="involvements", db_index=False)
    worker = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="involvements", db_index=False
    )
    basis = models.CharField(max_length=20, choices=BASIS_CHOICES)
    categories = CategoriesField()
    one_off = models.BooleanField(default=False)
    source_type = models.CharField(max_length=60, blank=True)
    source_id = models.UUIDField(null=True, blank=True)

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta(PersonalModel.Meta):
        ordering = ("starts", "id")
        constraints = (
            ends_after_start("involvement_ends_after_start"),
            models.CheckConstraint(
                name="one_off_is_a_decision", condition=Q(one_off=False) | Q(basis="decision")
            ),
        )
        indexes = (
            # Both ways round: with only (agency, person) the planner would skip-scan it
            # for look-ups by person.
            models.Index(fields=("agency", "person"), name="involvement_agency"),
            models.Index(fields=("person", "agency"), name="involvement_person"),
            models.Index(fields=("worker", "person"), name="involvement_worker"),
            models.Index(fields=("source_id",), name="involvement_source"),
            models.Index(
                fields=("ends",), condition=Q(ends__isnull=False), name="involvement_ends"
            ),
            models.Index(
                fields=("-starts", "-id"),
                condition=Q(basis="break_glass"),
                name="involvement_emergency",
            ),
        )

    def __str__(self) -> str:
        return f"{self.basis} of {self.agency_id}"
