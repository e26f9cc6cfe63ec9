"""What the rows of the directory have in common."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import BaseModel


class Described(BaseModel):
    """A row that can come from an Open Referral file and go into one.

    The names of the columns are those of HSDS 3. A key that is a UUID in a file is the key
    here; any other key is kept in `source_id`. `extra` holds, word for word, what a file
    says for which there is no column.
    """

    source_id = models.TextField(blank=True, help_text="The key in its file, if not our own.")
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def public_id(self) -> str:
        """The key by which others know the row."""
        return self.source_id or str(self.pk)


class Part(Described):
    """A detail of one other row, in the order in which its file or form gives it."""

    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "id")


def one_parent(name: str, *parents: str) -> models.CheckConstraint:
    """The constraint that a detail belongs to exactly one row."""
    alternatives = Q()
    for parent in parents:
        alternatives |= Q(**{f"{other}__isnull": other != parent for other in parents})
    return models.CheckConstraint(
        name=name,
        condition=alternatives,
        violation_error_message="A detail belongs to exactly one thing.",
    )


def parent(to: str, related_name: str) -> models.ForeignKey:  # type: ignore[type-arg]
    """The key of a row that a detail may belong to, and with which it goes."""
    return models.ForeignKey(
        f"directory.{to}",
        models.CASCADE,
        null=True,
        blank=True,
        related_name=related_name,
    )
