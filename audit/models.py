"""What happened and who looked. Append-only; plain identifiers, pointing at nobody.

A person is named by key, never by name, so that the record outlives an erasure.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.clock import instant
from core.models import IMPERSONAL, BaseModel


class AppendOnlyError(RuntimeError):
    """Something tried to change what may only be added to."""


class AppendOnly(BaseModel):
    """A row that is written once. The grants and triggers of the database say the same."""

    classified = IMPERSONAL

    at = models.DateTimeField(default=instant, editable=False)
    request_id = models.UUIDField(null=True, help_text="The transaction it was part of.")
    actor_kind = models.CharField(
        max_length=10,
        choices=[(kind, kind) for kind in ("member", "public", "system", "operator")],
    )
    actor_name = models.CharField(
        max_length=100, blank=True, help_text="The door, job or command; empty for a member."
    )
    user_id = models.UUIDField(null=True)
    membership_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True)
    person_id = models.UUIDField(null=True)
    categories = models.IntegerField(default=0, help_text="One bit each, as in `access`.")
    meeting_id = models.UUIDField(null=True)

    class Meta:
        abstract = True
        ordering = ("-at", "-id")
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # Protect alone leaves TRUNCATE open.
            pgtrigger.Trigger(
                name="no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME;",
            ),
        ]


class Event(AppendOnly):
    """One action, or one that was refused."""

    verb = models.CharField(max_length=60, help_text="For example “goal.added”.")
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    refused = models.BooleanField(default=False)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    digests = models.JSONField(
        default=dict, help_text="Field to keyed digest of its new value; the value is not here."
    )
    detail = models.JSONField(default=dict, help_text="Identifiers and codes, never content.")

    class Meta(AppendOnly.Meta):
        indexes = (
            models.Index(fields=("person_id", "-at"), name="event_person"),
            models.Index(fields=("subject_id", "-at"), name="event_subject"),
            models.Index(fields=("user_id", "-at"), name="event_user"),
            models.Index(fields=("agency_id", "-at"), name="event_agency"),
            models.Index(fields=("-at", "-id"), name="event_at"),
        )

    def __str__(self) -> str:
        return f"{self.verb} at {self.at.isoformat()}"


class AccessRecord(AppendOnly):
    """One response that showed content of one person to one actor."""

    purpose = models.CharField(max_length=200, blank=True)
    route = models.CharField(max_length=100, help_text="Name of the page or endpoint.")

    class Meta(AppendOnly.Meta):
        indexes = (
            models.Index(fields=("person_id", "-at"), name="access_person"),
            models.Index(fields=("user_id", "-at"), name="access_user"),
            models.Index(fields=("-at", "-id"), name="access_at"),
        )

    def __str__(self) -> str:
        return f"{self.route} at {self.at.isoformat()}"
