"""`manage.py demo_sign_ins`: who can sign in to the demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from agencies.enums import ROLE_LABELS
from config.demo.sign_ins import BESIDE, PASSWORD, SIGN_INS, SignIn
from config.demo.worked_example.told import REFERENCE


class Command(BaseCommand):
    """Prints the demo's sign-ins, what each works as and what it is there to show."""

    help = "Print the sign-ins of the demo."
    # Nothing is read: `make demo` asks while the services start.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each hat, then the password."""
        rows = [("Sign-in", "Works as", f"Towards {REFERENCE}"), *map(_row, SIGN_INS)]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for user, hat, towards in rows:
            self.stdout.write(f"{user:<{widths[0]}}  {hat:<{widths[1]}}  {towards}".rstrip())
        others = ", ".join(sign_in.username for sign_in in BESIDE)
        self.stdout.write(f"\nOthers: {others}.")
        self.stdout.write(f"Password of all: {PASSWORD}")


def _row(sign_in: SignIn) -> tuple[str, str, str]:
    home = f", seconded from {sign_in.home}" if sign_in.home else ""
    role = ROLE_LABELS[sign_in.role].lower()
    return sign_in.username, f"{role} at {sign_in.slug}{home}", sign_in.towards
