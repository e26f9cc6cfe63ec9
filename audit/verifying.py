"""Checking the whole trail against the checkpoints in every sink.

Read as a stream, page by page, so that memory stays flat however long the trail is. The
sinks are the measure: whatever somebody with every right over the database does to what was
sealed, its digests stand outside, signed with a key that no database holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from audit import canonical, sealing, sinks
from audit.asking import as_a_job
from audit.checkpoints import GONE, START, Entry, Line, Malformed
from audit.models import ChainLink, Checkpoint, Unsealed
from audit.sinks import Sink

NAMED = 20
"""So many faults are named; the rest are counted."""

_PAGE = 5
"""Checkpoints held at once, each with its hundred records."""

_STRAY = """
SELECT id FROM {table} record
WHERE NOT EXISTS (SELECT FROM audit_chainlink link
                  WHERE link.kind = %s AND link.record_id = record.id)
  AND NOT EXISTS (SELECT FROM audit_unsealed waiting
                  WHERE waiting.kind = %s AND waiting.record_id = record.id)
ORDER BY id LIMIT 20
"""


class CouldNotRun(RuntimeError):
    """There was nothing to check against, or it could not be read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was sealed."""

    what: str
    checkpoint: int | None = None
    record: str | None = None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {"checkpoint": self.checkpoint, "record": self.record, "what": self.what}

    def __str__(self) -> str:
        where = f"checkpoint {self.checkpoint}: " if self.checkpoint is not None else ""
        return f"{where}{self.record + ' ' if self.record else ''}{self.what}"


@dataclass(slots=True)
class Report:
    """What was found."""

    records: int = 0
    checkpoints: int = 0
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was changed."""
        return not self.faults

    def add(self, what: str, checkpoint: int | None = None, record: str | None = None) -> None:
        """Note a fault."""
        if len(self.faults) < NAMED:
            self.faults.append(Fault(what, checkpoint, record))
        else:
            self.more += 1

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        first = self.faults[0].to_json() if self.faults else None
        return {
            "records": self.records,
            "checkpoints": self.checkpoints,
            "ok": self.ok,
            "first_bad": first,
        }


def verify() -> Report:
    """Check everything. Raises CouldNotRun."""
    report = Report()
    # Before the database's snapshot: what is sealed meanwhile is in neither.
    places = sinks.configured()
    tops = {place.url: _top(place) for place in places}
    with transaction.atomic():
        if connection.savepoint_ids == []:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        as_a_job()
        try:
            _chain(report, places, tops)
        except OSError as error:
            raise CouldNotRun(str(error)) from error
        _extra_links(report)
        _strays(report)
        _waiting(report)
    return report


def _top(place: Sink) -> int:
    try:
        held = place.last()
    except (OSError, Malformed) as error:
        raise CouldNotRun(f"{place.url}: {error}") from error
    if held is None and Checkpoint.objects.filter(number__gt=1).exists():
        raise CouldNotRun(f"{place.url} is empty: is it the right place?")
    return held.number if held else 0


def _chain(report: Report, places: list[Sink], tops: dict[str, int]) -> None:
    """Every checkpoint from the first on: in all sinks, in the database, and its records."""
    streams = {place.url: place.lines() for place in places}
    ours = _database()
    mine = next(ours, None)
    newest = Checkpoint.objects.order_by("-number").values_list("number", flat=True).first()
    top = max([*tops.values(), newest or 0])
    previous, position = START, 1
    for number in range(1, top + 1):
        held = [
            line
            for url, stream in streams.items()
            if number <= tops[url] and (line := _from_sink(report, url, stream, number))
        ]
        for url, reached in tops.items():
            # One is on its way while it is being sealed; more than one was taken away.
            if number > reached and top - reached > 1:
                report.add(f"is missing from {url}", number)
        while mine is not None and mine.number < number:
            report.add("is in the database out of its order", mine.number)
            mine = next(ours, None)
        stored = mine if mine is not None and mine.number == number else None
        if stored is None:
            report.add("is gone from the database", number)
        else:
            mine = next(ours, None)
        measure = held[0] if held else stored
        if measure is None:
            continue
        if not held and (fault := measure.fault()):
            report.add(fault, number)
        if measure.previous != previous or measure.first != position:
            report.add("does not follow the one before it", number)
        if stored is not None and stored != measure:
            _compare(report, measure, stored)
        if any(other != measure for other in held[1:]):
            report.add("is not alike in all sinks", number)
        _records(report, measure)
        previous, position = measure.digest, measure.last + 1
        report.checkpoints += 1
    for extra in ours if mine is None else (mine, *ours):
        report.add("was not made by us", extra.number)


def _from_sink(report: Report, url: str, stream: Iterator[Line], number: int) -> Line | None:
    """The next checkpoint of a sink, if it is the one awaited and good in itself."""
    line = next(stream, None)
    if line is None or line.number != number:
        report.add(f"is missing from {url}", number)
        return None
    if fault := line.fault():
        report.add(f"{fault}, in {url}", number)
        return None
    return line


def _compare(report: Report, measure: Line, stored: Line) -> None:
    """Say how the database's checkpoint and links differ from what left it."""
    if stored.header() != measure.header():
        report.add("was changed in the database", measure.number)
    here, there = set(stored.entries), set(measure.entries)
    for entry in sorted(here - there, key=_by_key):
        report.add("has a changed or invented place in the chain", measure.number, _name(entry))
    for entry in sorted(there - here, key=_by_key):
        report.add("lost its place in the chain", measure.number, _name(entry))
    if here == there and stored.entries != measure.entries:
        report.add("has its records in another order", measure.number)


def _records(report: Report, line: Line) -> None:
    """Whether the records under a checkpoint are as they were when it was signed."""
    wanted = [(entry.kind, entry.record_id) for entry in line.entries]
    now: dict[tuple[str, str], str] = {}
    forged = set()
    for kind, rows in sealing.read(wanted, line.version):
        for row in rows:
            key = kind, str(row["id"])
            now[key] = canonical.digest(kind, row, line.version)
            if not canonical.is_ours(kind, row, line.version):
                forged.add(key)
    for entry in line.entries:
        report.records += 1
        key = entry.kind, entry.record_id
        if entry.digest == GONE:
            report.add("was gone before it could be sealed", line.number, _name(entry))
        elif key not in now:
            report.add("is gone", line.number, _name(entry))
        elif now[key] != entry.digest:
            report.add("was changed", line.number, _name(entry))
        elif key in forged:
            report.add("was not written by the application", line.number, _name(entry))


def _database() -> Iterator[Line]:
    """The database's own checkpoints with their links, in order, page by page."""
    after: int | None = None
    while True:
        page = Checkpoint.objects.order_by("number")
        if after is not None:
            page = page.filter(number__gt=after)
        found = list(page[:_PAGE])
        if not found:
            return
        links: dict[int, list[Entry]] = {row.number: [] for row in found}
        for link in ChainLink.objects.filter(checkpoint__in=links).order_by("position"):
            links[link.checkpoint].append(Entry(link.kind, str(link.record_id), link.digest))
        for row in found:
            yield sealing.as_line(row, links[row.number])
        after = found[-1].number


def _extra_links(report: Report) -> None:
    """Places in the chain that no checkpoint covers, or whose number is not their place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT link.position, link.kind, link.record_id FROM audit_chainlink link"
            " LEFT JOIN audit_checkpoint mark ON mark.number = link.checkpoint"
            " WHERE mark.number IS NULL OR link.position NOT BETWEEN mark.first AND mark.last"
            " ORDER BY link.position LIMIT 20"
        )
        for position, kind, key in cursor.fetchall():
            report.add(f"is put at place {position}, which is not its own", None, f"{kind} {key}")


def _strays(report: Report) -> None:
    """Records that are neither in the chain nor in the queue: added behind the triggers."""
    for kind, table in ((canonical.EVENT, "audit_event"), (canonical.ACCESS, "audit_accessrecord")):
        with connection.cursor() as cursor:
            cursor.execute(_STRAY.format(table=table), [kind, kind])
            for (key,) in cursor.fetchall():
                report.add("is in no checkpoint and was never queued", None, f"{kind} {key}")


def _waiting(report: Report) -> None:
    """Records that are in no checkpoint yet: nothing outside knows them, but their proof does."""
    after = 0
    while queued := list(
        Unsealed.objects.filter(id__gt=after)
        .order_by("id")
        .values_list("id", "kind", "record_id")[:1000]
    ):
        after = queued[-1][0]
        wanted = [(kind, key) for _, kind, key in queued]
        known = set(
            ChainLink.objects.filter(record_id__in=[key for _, key in wanted]).values_list(
                "kind", "record_id"
            )
        )
        wanted = [one for one in wanted if one not in known]
        report.waiting += len(wanted)
        there = set()
        for kind, rows in sealing.read(wanted, canonical.VERSION):
            for row in rows:
                there.add((kind, row["id"]))
                if not canonical.is_ours(kind, row):
                    report.add(
                        "waits to be sealed and was not written by the application",
                        None,
                        f"{kind} {row['id']}",
                    )
        for kind, key in wanted:
            if (kind, key) not in there:
                report.add("is gone before it could be sealed", None, f"{kind} {key}")


def _name(entry: Entry) -> str:
    return f"{entry.kind} {entry.record_id}"


def _by_key(entry: Entry) -> tuple[str, str]:
    return entry.kind, entry.record_id
