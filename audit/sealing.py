"""Sealing: what has been committed is put into the chain, signed, and sent out of the database.

One at a time (an advisory lock), safe to run twice, and never more than one checkpoint ahead
of a sink: while a sink is down, records wait in the queue and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit import canonical, sinks
from audit.asking import as_a_job
from audit.checkpoints import GONE, START, Entry, Line, Malformed
from audit.models import AccessRecord, ChainLink, Checkpoint, Event, Unsealed
from audit.sinks import Sink, SinkDisagrees
from core.clock import instant

BATCH = 100
"""The most records under one checkpoint."""

BEHIND = timedelta(minutes=5)
"""A record that has waited for longer is a sign that sealing does not work."""

_LOCK = 0x7A5E_A1ED
_MODELS: dict[str, Any] = {canonical.EVENT: Event, canonical.ACCESS: AccessRecord}


class ChainBroken(RuntimeError):
    """Database and sinks do not fit: nothing may be sealed over it."""


class SinkDown(RuntimeError):
    """A sink can't be written to now."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run did."""

    checkpoints: int = 0
    records: int = 0


def run(*, most: int | None = None) -> Sealed:
    """Seal what waits, at most `most` checkpoints; nothing while another run is at it.

    Raises SinkDown and ChainBroken; what was sealed before that stays sealed.
    """
    places = sinks.configured()
    checkpoints = records = 0
    with _alone() as mine:
        if not mine:
            return Sealed()
        _catch_up(places)
        while (most is None or checkpoints < most) and (line := _seal_one()):
            checkpoints, records = checkpoints + 1, records + line.count
            for place in places:
                _deliver(place, line)
    return Sealed(checkpoints, records)


def is_behind() -> bool:
    """Whether a record has waited for too long. Real time: it is about our own machinery."""
    oldest = Unsealed.objects.order_by("id").values_list("queued_at", flat=True).first()
    return oldest is not None and timezone.now() - oldest > BEHIND


def line_of(checkpoint: Checkpoint) -> Line:
    """A checkpoint of the database with its records, as a sink keeps it."""
    links = ChainLink.objects.filter(checkpoint=checkpoint.number).order_by("position")
    found = links.values_list("kind", "record_id", "digest")
    return as_line(checkpoint, [Entry(kind, str(key), digest) for kind, key, digest in found])


def as_line(checkpoint: Checkpoint, entries: Sequence[Entry]) -> Line:
    """A checkpoint of the database and these records as one line."""
    columns = {
        name: getattr(checkpoint, name) for name in Line.__slots__ if name not in {"at", "entries"}
    }
    return Line(**columns, at=_as_text(checkpoint.at), entries=tuple(entries))


def digests(wanted: Sequence[tuple[str, object]], version: int) -> dict[tuple[str, str], str]:
    """The digests of records as they stand now, by kind and key; those that are gone are absent."""
    found = {}
    for kind, rows in read(wanted, version):
        for row in rows:
            found[kind, str(row["id"])] = canonical.digest(kind, row, version)
    return found


def read(wanted: Sequence[tuple[str, object]], version: int) -> Iterator[tuple[str, list[dict]]]:
    """Records by kind, with the columns of a version and their proofs."""
    for kind, model in _MODELS.items():
        keys = [key for other, key in wanted if other == kind]
        names = (*canonical.FIELDS[version][kind], "proof")
        if keys:
            yield kind, list(model.objects.filter(pk__in=keys).order_by().values(*names))


@transaction.atomic
def _seal_one() -> Line | None:
    """Put the records that have waited longest under the next checkpoint; none when none waits."""
    as_a_job()
    queue = list(Unsealed.objects.order_by("id").values_list("id", "kind", "record_id")[:BATCH])
    if not queue:
        return None
    waiting = {(kind, key): None for _, kind, key in queue}
    linked = ChainLink.objects.filter(record_id__in=[key for _, key in waiting])
    # Queued once more by somebody other than us: it is in the chain, and stays there once.
    for known in linked.values_list("kind", "record_id"):
        waiting.pop(known, None)
    line = _next(list(waiting)) if waiting else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_unqueue(%s)", [[row for row, _, _ in queue]])
    return line


def _next(waiting: list[tuple[str, object]]) -> Line:
    before = Checkpoint.objects.order_by("-number").first()
    now, at = digests(waiting, canonical.VERSION), instant()
    line = Line.seal(
        number=before.number + 1 if before else 1,
        first=before.last + 1 if before else 1,
        previous=before.digest if before else START,
        version=canonical.VERSION,
        at=_as_text(at),
        entries=[Entry(kind, str(key), now.get((kind, str(key)), GONE)) for kind, key in waiting],
    )
    Checkpoint.objects.create(**line.header() | {"at": at})
    ChainLink.objects.bulk_create(
        ChainLink(
            position=position,
            checkpoint=line.number,
            kind=entry.kind,
            record_id=entry.record_id,
            digest=entry.digest,
        )
        for position, entry in enumerate(line.entries, line.first)
    )
    return line


def _as_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _catch_up(places: Sequence[Sink]) -> None:
    """Bring every sink to the database's last checkpoint. Raises ChainBroken and SinkDown."""
    top = Checkpoint.objects.order_by("-number").first()
    if top is not None and (fault := line_of(top).fault()):
        raise ChainBroken(f"Checkpoint {top.number} of the database {fault}.")
    for place in places:
        try:
            held = place.last()
        except OSError as error:
            raise SinkDown(f"{place.url}: {error}") from error
        except Malformed as error:
            raise ChainBroken(f"{place.url} ends with no checkpoint.") from error
        if held is None:
            behind = Checkpoint.objects.order_by("number")
        else:
            same = Checkpoint.objects.filter(number=held.number, digest=held.digest)
            if not same.exists():
                raise ChainBroken(
                    f"{place.url} holds checkpoint {held.number}, which the database does not."
                )
            behind = Checkpoint.objects.filter(number__gt=held.number).order_by("number")
        for checkpoint in behind.iterator(chunk_size=100):
            _deliver(place, line_of(checkpoint))


def _deliver(place: Sink, line: Line) -> None:
    try:
        place.append(line)
    except OSError as error:
        raise SinkDown(f"{place.url}: {error}") from error
    except SinkDisagrees as error:
        raise ChainBroken(str(error)) from error


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this is the only run; held for the session, across the transactions of a run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
