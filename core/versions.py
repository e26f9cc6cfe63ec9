"""Edits that do not overwrite what somebody else has just written."""

from __future__ import annotations

from django.db import models


class Stale(Exception):
    """The row has changed since the actor opened it."""

    def __init__(self, row: Versioned) -> None:
        super().__init__("Somebody has changed this since you opened it.")
        self.row = row


class Versioned(models.Model):
    """A row whose edits name the version that they started from."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def expect(self, version: int | None) -> None:
        """Go on only from this version, then count one up. Raises Stale.

        The caller holds the row locked and saves it.
        """
        if version is not None and version != self.version:
            raise Stale(self)
        self.version += 1
