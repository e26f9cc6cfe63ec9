"""`manage.py seal_audit`: seal what waits now, as the background work does by the clock."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import sealing


class Command(BaseCommand):
    """For where no worker runs, and before a backup."""

    help = "Seal the records of the audit trail that are under no checkpoint yet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal all of them. Exit status 1 when a sink is down or the chain is broken."""
        try:
            done = sealing.run()
        except (sealing.SinkDown, sealing.ChainBroken) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{done.records} records under {done.checkpoints} checkpoints.")
