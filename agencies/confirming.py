"""Asking an operator whether they mean what can't be undone."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError


def confirmed(command: BaseCommand, what: str, name: str) -> None:
    """Go on if the operator types this name. Raises CommandError for anything else."""
    command.stdout.write(f"{what}\nType {name} to go on: ", ending="")
    command.stdout.flush()
    try:
        said = input()
    except EOFError:
        said = ""
    if said.strip() != name:
        raise CommandError("Nothing has been changed.")
