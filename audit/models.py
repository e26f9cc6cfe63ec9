"""What happened and who looked. Append-only; plain identifiers, pointing at nobody.

A person is named by key, never by name, so that the record outlives an erasure.
"""

from __future__ import annotations

from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields.json import KeyTransform

from audit import canonical
from core.clock import instant
from core.models import IMPERSONAL, OWN, BaseModel

ADD_ONLY: list[pgtrigger.Trigger] = [
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
KINDS = [(kind, kind) for kind in (canonical.EVENT, canonical.ACCESS)]


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
    proof = models.CharField(
        max_length=64,
        default="",
        editable=False,
        help_text="Keyed digest of the whole record: nobody without the key can add one.",
    )

    kind: ClassVar[str]

    class Meta:
        abstract = True
        ordering = ("-at", "-id")
        triggers: ClassVar[list[pgtrigger.Trigger]] = ADD_ONLY

    def prove(self) -> Self:
        """Complete a new record with its proof. Nothing of it may change afterwards."""
        names = canonical.FIELDS[canonical.VERSION][self.kind]
        self.proof = canonical.proof(self.kind, {name: getattr(self, name) for name in names})
        return self


class Event(AppendOnly):
    """One action, or one that was refused."""

    kind = canonical.EVENT

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
            # What an agency's people did, and what was done to it, that is about no young person.
            models.Index(
                fields=("agency_id", "-at"), condition=models.Q(person_id=None), name="event_own"
            ),
            models.Index(
                KeyTransform("agency", "detail"),
                models.F("at").desc(),
                condition=models.Q(person_id=None),
                name="event_done_to",
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} at {self.at.isoformat()}"


class AccessRecord(AppendOnly):
    """One response that showed content of one person to one actor."""

    kind = canonical.ACCESS

    purpose = models.CharField(
        max_length=200,
        blank=True,
        help_text="Keyed digest of the purpose that was stated; its words can be erased.",
    )
    route = models.CharField(max_length=100, help_text="Name of the page or endpoint.")

    class Meta(AppendOnly.Meta):
        indexes = (
            models.Index(fields=("person_id", "-at"), name="access_person"),
            models.Index(fields=("user_id", "-at"), name="access_user"),
            models.Index(fields=("-at", "-id"), name="access_at"),
        )

    def __str__(self) -> str:
        return f"{self.route} at {self.at.isoformat()}"


class StatedPurpose(BaseModel):
    """The words in which an actor said for what they read; `id` is the access record's.

    Apart from the record and its chain, because people's names may be in them: they can be
    erased, and the record still proves which words they were.
    """

    classified = {"id": IMPERSONAL, "person_id": IMPERSONAL, "words": OWN}

    person_id = models.UUIDField()
    words = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("person_id",), name="purpose_person"),)

    def __str__(self) -> str:
        return "stated purpose"


class Unsealed(models.Model):
    """A record that is in no checkpoint yet: queued by a trigger when it is added.

    The application can neither add to nor take from this table: a function takes from it
    what is in the chain, and nothing else.
    """

    classified = IMPERSONAL

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, choices=KINDS)
    record_id = models.UUIDField()
    queued_at = models.DateTimeField(help_text="By the database's clock.")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class Checkpoint(models.Model):
    """The signed end of one batch of the chain; the same stands in every sink."""

    classified = IMPERSONAL

    number = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField(help_text="Position of its first record.")
    last = models.BigIntegerField()
    count = models.IntegerField()
    previous = models.CharField(max_length=64, help_text="Digest of the checkpoint before it.")
    root = models.CharField(max_length=64, help_text="Digest of its records in their order.")
    version = models.SmallIntegerField(help_text="Of the way in which records become bytes.")
    at = models.DateTimeField()
    key = models.CharField(max_length=64, help_text="Public key of the signature.")
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)

    class Meta:
        ordering = ("number",)
        triggers: ClassVar[list[pgtrigger.Trigger]] = ADD_ONLY

    def __str__(self) -> str:
        return f"checkpoint {self.number}"


class ChainLink(models.Model):
    """One record's place in the chain. Order of commit, not of keys, makes the places."""

    classified = IMPERSONAL

    position = models.BigIntegerField(primary_key=True)
    checkpoint = models.BigIntegerField()
    kind = models.CharField(max_length=6, choices=KINDS)
    record_id = models.UUIDField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("record_id", "kind"), name="sealed_once"),)
        indexes = (models.Index(fields=("checkpoint",), name="link_checkpoint"),)
        triggers: ClassVar[list[pgtrigger.Trigger]] = ADD_ONLY

    def __str__(self) -> str:
        return f"{self.position}: {self.kind} {self.record_id}"
