"""`manage.py decide`: one world a line in, one answer a line out; no database."""

from __future__ import annotations

import io
import json
import sys
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from access.facts import Malformed, world_from
from access.rule import decide


def answer_lines(source: TextIO, target: TextIO) -> bool:
    """Answer each world of `source` on `target`; True when every line was a world."""
    clean = True
    for line in source:
        if not line.strip():
            continue
        try:
            answer: dict[str, Any] = decide(world_from(json.loads(line))).to_json()
        except (Malformed, ValueError, RecursionError) as error:
            clean = False
            answer = {"error": str(error) or "not JSON"}
        target.write(json.dumps(answer) + "\n")
    return clean


class Command(BaseCommand):
    """Reads worlds (JSON) on standard input and prints what the rule answers to each."""

    help = "Answer worlds with the access rule: JSON lines in, JSON lines out."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer all; exit status 1 when a line was no well-typed world."""
        # A byte that is no UTF-8 spoils its own line and no other.
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        if not answer_lines(sys.stdin, sys.stdout):
            raise SystemExit(1)
