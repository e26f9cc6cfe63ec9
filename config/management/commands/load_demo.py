"""`manage.py load_demo`: the demo world, safe to run twice."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.demo.load import Refused, check_allowed, is_loaded, load


class Command(BaseCommand):
    """Loads invented agencies and people; does nothing when they are there."""

    help = "Load the demo world; refused where DEBUG and DEMO are both off."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it once; CommandError where demo data has no place."""
        begun = time.monotonic()
        try:
            check_allowed()
            if is_loaded():
                self.stdout.write("The demo is loaded already.")
                return
            steps = load()
        except Refused as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - begun
        self.stdout.write(f"Loaded the demo: {steps} steps in {seconds:.0f} seconds.")
