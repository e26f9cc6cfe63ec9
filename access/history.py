"""Values before and after, kept by the database itself.

The audit trail holds names and digests of what changed; the values stand in these tables,
which can be erased without breaking the trail.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pghistory.models
from django.db import models

from access.models import GuardedManager


class GuardedHistory(pghistory.models.Event):
    """A history row: as personal as the row that it tells of, and as guarded."""

    objects: ClassVar[Any] = GuardedManager()
    rows: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "rows"


def tracked(model: type[models.Model]) -> Any:
    """Class decorator: keep every version of a model's rows in a table beside it."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        base_model=GuardedHistory,
        obj_field=pghistory.ObjForeignKey(related_name="history"),
        # Context would set a variable on every statement; the trail knows who acted.
        context_field=None,  # type: ignore[arg-type]
    )(model)
