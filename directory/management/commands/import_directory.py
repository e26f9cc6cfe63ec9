"""Bring an Open Referral HSDS 3 file into the directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from access.actor import Operator
from access.context import transact
from directory.actions import importing
from directory.actions.importing import Outcome
from directory.hsds.reading import MAX_BYTES, Faulty, NotJson

INVALID, COULD_NOT_RUN = 1, 2

_WORDS = {
    "service": ("service", "services"),
    "organization": ("organisation", "organisations"),
    "location": ("location", "locations"),
    "taxonomy": ("taxonomy", "taxonomies"),
    "taxonomy_term": ("taxonomy term", "taxonomy terms"),
}


class Command(BaseCommand):
    """Exits with 0 when all is in, 1 when the file is not valid, 2 when it could not run."""

    help = (
        "Brings an Open Referral HSDS 3 JSON file into the directory: a service, an "
        "organization, a list of them, or a page of a feed. Says what is wrong and where "
        "(JSON pointer), and changes nothing then."
    )
    # A file can be checked without a database.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One file."""
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Check, then write."""
        content = self._content(file)
        try:
            checked = importing.check_file(content)
            by = Operator("import_directory")
            with transact(by):
                outcome = importing.import_file(checked, by=by)
        except NotJson as error:
            raise CommandError(f"{file} is not JSON: {error}", returncode=COULD_NOT_RUN) from None
        except Faulty as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            more = " or more" if error.more else ""
            raise CommandError(
                f"{file} is not valid ({len(error.faults)}{more} found). Nothing was changed.",
                returncode=INVALID,
            ) from None
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(
                f"The database can't be used: {error}".strip(), returncode=COULD_NOT_RUN
            ) from None
        self._report(outcome)

    def _content(self, file: Path) -> bytes:
        """The file's bytes, one more than allowed at most: enough to know it is too large."""
        try:
            with file.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(
                f"{file} can't be read: {error.strerror}", returncode=COULD_NOT_RUN
            ) from None

    def _report(self, outcome: Outcome) -> None:
        for word, counts in (
            ("Added", outcome.added),
            ("Updated", outcome.updated),
            ("Unchanged", outcome.unchanged),
        ):
            listed = ", ".join(
                f"{count} {_WORDS[kind][count != 1]}" for kind, count in sorted(counts.items())
            )
            self.stdout.write(f"{word}: {listed or 'nothing'}")
        for name in outcome.kept_out:
            self.stdout.write(
                f"Kept out of the open feed, as it may be a refuge or a safe venue: {name}"
            )
