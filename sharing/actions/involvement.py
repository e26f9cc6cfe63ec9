"""Beginning and ending involvements. Every other action of access comes down to these."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models

from access.actor import Actor
from access.bases import Basis
from access.categories import Category, to_bits
from access.wall import passage, through
from audit import trail
from core.clock import instant
from sharing.models import Involvement

_BEGIN = passage("involvement.begin", "an involvement is what opens: nothing does before it")


def begin(
    *,
    person_id: UUID,
    agency_id: UUID,
    worker_id: UUID | None,
    basis: Basis,
    categories: Iterable[Category],
    ends: datetime | None = None,
    one_off: bool = False,
    source: models.Model | None = None,
    by: Actor,
) -> Involvement:
    """Open what `categories` names to an agency or a worker in it, from this instant.

    Called inside another action's transaction, never by a page. Nothing starts in the
    past.
    """
    shared = frozenset(categories)
    with through(_BEGIN):
        row = Involvement(
            person_id=person_id,
            agency_id=agency_id,
            worker_id=worker_id,
            basis=basis,
            categories=shared,
            starts=instant(),
            ends=ends,
            one_off=one_off,
            source_type=source._meta.label_lower if source is not None else "",
            source_id=source.pk if source is not None else None,
        ).sealed_save(force_insert=True)
    trail.record(
        by,
        "involvement.begun",
        subject=row,
        person_id=person_id,
        categories=to_bits(shared),
        detail={
            "agency": agency_id,
            "worker": worker_id,
            "basis": basis,
            "until": ends.isoformat() if ends else None,
        },
    )
    return row


def end(*, involvement: Involvement, by: Actor) -> None:
    """Close an involvement at this instant; one that is over already stays as it was."""
    now = instant()
    if involvement.ends is not None and involvement.ends <= now:
        return
    involvement.ends = now
    involvement.sealed_save(update_fields=["ends"])
    trail.record(
        by,
        "involvement.ended",
        subject=involvement,
        person_id=involvement.person_id,
        categories=to_bits(involvement.categories),
        detail={
            "agency": involvement.agency_id,
            "worker": involvement.worker_id,
            "basis": involvement.basis,
        },
    )


def end_where(
    *,
    person_id: UUID,
    by: Actor,
    bases: Iterable[Basis] = tuple(Basis),
    agency_id: UUID | None = None,
    worker_id: UUID | None = None,
    source_id: UUID | None = None,
) -> int:
    """Close every live involvement with a person that fits; the number closed."""
    found = Involvement.rows.live().filter(person_id=person_id, basis__in=list(bases))
    if agency_id is not None:
        found = found.filter(agency_id=agency_id)
    if worker_id is not None:
        found = found.filter(worker_id=worker_id)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    rows = list(found.select_for_update())
    for row in rows:
        end(involvement=row, by=by)
    return len(rows)
