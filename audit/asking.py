"""Who asks, when the trail itself is checked: a job, about everybody."""

from __future__ import annotations

from django.db import connection


def as_a_job() -> None:
    """Tell the database, until this transaction ends, that a job reads.

    Row-level security shows the trail to whoever may know of its people; a chain that was
    sealed or checked by somebody who sees a part of it would be a chain of that part.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.kind', 'system', true)")
