"""`manage.py rebuild_reach`."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, transaction

from sharing import reach


class Command(BaseCommand):
    """Makes the projection of who may be on whose list anew from the involvements."""

    help = "Rebuild the projection behind lists; as the owner: DATABASE_URL=$DATABASE_OWNER_URL."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild it in one transaction; lists wait for nothing but its commit."""
        begun = time.monotonic()
        try:
            with transaction.atomic():
                rows = reach.rebuild()
        except ProgrammingError as refusal:
            raise CommandError(
                "Only the owner of the tables may: set DATABASE_URL to DATABASE_OWNER_URL."
            ) from refusal
        self.stdout.write(f"{rows:,} rows in {time.monotonic() - begun:.0f} seconds.")
