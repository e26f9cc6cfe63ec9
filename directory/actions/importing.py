"""Taking in an Open Referral file."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from access.actor import Operator
from audit import trail
from directory.hsds.checking import check
from directory.hsds.reading import read
from directory.hsds.writing import Writer

# What others point to comes first, so that ids lead somewhere when they are met.
_ORDER = ("taxonomy", "taxonomy_term", "organization", "location", "service")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that `check_file` has found good."""

    things: list[tuple[str, dict[str, Any]]]
    digest: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import has done, by kind of thing, and which services it kept out of the feed."""

    added: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    kept_out: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many things the file held."""
        return self.added.total() + self.updated.total() + self.unchanged.total()


def check_file(content: bytes) -> Checked:
    """Hold a file's bytes against the standard. Needs no database.

    Raises NotJson, or Faulty with all that is wrong and where.
    """
    return Checked(check(read(content)), hashlib.sha256(content).hexdigest())


@transaction.atomic
def import_file(file: Checked, *, by: Operator) -> Outcome:
    """Add and update what an Open Referral file holds: all of it, or nothing.

    Bringing the same file again changes nothing. What is our own (last checked, funding,
    step-downs) is never touched.
    """
    with connection.cursor() as cursor:
        # Two imports at once would wait for each other's rows, in different orders.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.import'))")
    writer = Writer()
    for kind, thing in sorted(file.things, key=lambda one: _ORDER.index(one[0])):
        writer.put(kind, thing)
    outcome = Outcome(
        added=writer.tally("added"),
        updated=writer.tally("updated"),
        unchanged=writer.tally("unchanged"),
        kept_out=tuple(service.name for service in writer.kept_out),
    )
    trail.record(
        by,
        "directory.imported",
        detail={
            "file": file.digest,
            "added": outcome.added.total(),
            "updated": outcome.updated.total(),
            "kept_out": [service.pk for service in writer.kept_out],
        },
    )
    return outcome
