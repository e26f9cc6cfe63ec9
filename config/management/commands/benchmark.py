"""`manage.py benchmark [--people N ...] [--seed S] [--json F] [--plot F.svg] [--only NAME]`."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.benchmark import plot, report
from config.benchmark.promises import promises
from config.benchmark.run import ONLY, Wanted, run
from config.benchmark.worlds import prepare
from config.demo.load import Refused, check_allowed


class Command(BaseCommand):
    """Measures what is promised about speed, and compares every answer with the floor's."""

    help = "Measure the performance that is promised, in synthetic worlds of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which worlds, how long, and where the figures go."""
        parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--agencies", type=int, default=40)
        parser.add_argument("--users", type=int, default=200)
        parser.add_argument(
            "--seconds", type=float, default=50, help="for the lists of each world, at most"
        )
        parser.add_argument("--json", type=Path, help="write the figures there")
        parser.add_argument("--plot", type=Path, help="write a picture there, as SVG")
        parser.add_argument("--only", choices=ONLY, action="append", help="measure only this")
        parser.add_argument(
            "--template", help="an empty, migrated database to begin from, instead of our own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure; CommandError where it can't, exit status 1 when an answer differed or failed."""
        begun = time.monotonic()
        try:
            check_allowed()
        except Refused as error:
            raise CommandError(str(error)) from error
        if min(options["people"]) < 1 or options["users"] < 1:
            raise CommandError("There must be at least one young person and one user.")
        worlds = [
            prepare(people, options["seed"], agencies=options["agencies"],
                    template=options["template"], say=self._say)
            for people in sorted(set(options["people"]))
        ]  # fmt: skip
        wanted = Wanted(
            options["users"], options["seed"], options["seconds"],
            frozenset(options["only"] or ONLY),
        )  # fmt: skip
        results = run(worlds, wanted, self._say)
        lines = [(promise, promise.figure(results)) for promise in promises(results.sizes)]
        self.stdout.write(report.text(results, lines))
        self.stdout.write(f"Done in {time.monotonic() - begun:.0f} s.")
        for path, content in (
            (options["json"], report.as_json(results, lines)),
            (options["plot"], plot.svg(results)),
        ):
            if path is not None:
                path.write_text(content)
        if results.differences or results.failed:
            sys.exit(1)

    def _say(self, words: str) -> None:
        self.stderr.write(words)
        self.stderr.flush()
