"""`manage.py generate_population --people N [--seed S] [--agencies A]`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.demo.load import Refused, check_allowed
from config.population.generate import AlreadyThere, generate


class Command(BaseCommand):
    """Writes a large synthetic world by bulk load; what the benchmarks run against."""

    help = "Make a large synthetic world; refused where DEBUG and DEMO are both off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and from which seed."""
        parser.add_argument("--people", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--agencies", type=int, default=40)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; CommandError where it has no place, is there already, or can't be."""
        people, agencies = options["people"], options["agencies"]
        if people < 1 or agencies < 2:
            raise CommandError("There must be at least one young person and two agencies.")
        begun = time.monotonic()

        def say(done: int) -> None:
            pace = 60 * done / (time.monotonic() - begun)
            self.stdout.write(f"{done:,} of {people:,} people, {pace:,.0f} a minute")
            self.stdout.flush()

        try:
            check_allowed()
            users = generate(people=people, seed=options["seed"], agencies=agencies, say=say)
        except (Refused, AlreadyThere) as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"Made {people:,} people, {agencies} agencies and {users:,} users"
            f" in {seconds:.0f} seconds."
        )
