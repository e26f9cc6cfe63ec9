"""Background work of this room."""

from __future__ import annotations

from celery import shared_task
from django.db import connection

from access.actor import System
from access.context import transact


@shared_task(name="people.forget_spellings")
def forget_spellings() -> int:
    """Forget the names that nobody has any more, by which searches begin; how many."""
    with (
        transact(System("people.forget_spellings"), route="people.forget_spellings"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT people_forget_spellings()")
        return int(cursor.fetchone()[0])
