"""`manage.py verify_audit`: is the trail what was sealed?"""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from audit.verifying import CouldNotRun, Report, verify


class Command(BaseCommand):
    """Exit status 0 when nothing was changed, 1 when something was, 2 when it could not run."""

    help = "Check the whole audit trail against the checkpoints in every sink."
    # It says by itself what is missing, with its own exit status.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Machines ask for JSON."""
        parser.add_argument("--json", action="store_true", help="one object, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, and leave with the status."""
        try:
            report = verify()
        except (CouldNotRun, ImproperlyConfigured, Error) as problem:
            self.stderr.write(f"The audit trail could not be checked: {problem}")
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json()))
        else:
            self._tell(report)
        if not report.ok:
            sys.exit(1)

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"{report.records} records under {report.checkpoints} checkpoints;"
            f" {report.waiting} more wait for the next one."
        )
        if report.ok:
            self.stdout.write("Nothing was changed.")
            return
        for fault in report.faults:
            self.stdout.write(f"CHANGED  {fault}")
        if report.more:
            self.stdout.write(f"… and {report.more} more.")
