"""Opening, filling and closing the tasking meeting."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from access.actor import Actor, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import require_write, sights
from agencies.models import Membership
from agencies.queries import require
from audit import trail
from core.clock import instant
from core.errors import Conflict, Invalid
from people.models import YoungPerson
from sharing.actions import involvement
from tasking.models import AgendaItem, Attendee, Meeting, Task

AGENDA = (Category.POINTER, Category.TASKING)


@transaction.atomic
def open_meeting(*, present: Iterable[UUID], by: Actor) -> Meeting:
    """Open today's meeting of the actor's agency with the memberships that are present.

    Raises NotAllowed; Conflict when one is open.
    """
    member = require(by, "set_task")
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                agency_id=member.agency_id, opened_by_id=member.user_id, opened_at=instant()
            )
    except IntegrityError as error:
        raise Conflict("A meeting is open already.") from error
    trail.record(by, "meeting.opened", subject=meeting)
    attend(meeting=meeting, present=present, by=by)
    return meeting


@transaction.atomic
def attend(*, meeting: Meeting, present: Iterable[UUID], by: Actor) -> None:
    """Tick who is present (memberships). Each then sees who is on the agenda, until the end.

    Whoever ticks opens only what they may write themselves, or a manager could let
    themselves in to somebody restricted by being present. Raises NotAllowed, Conflict when
    the meeting is over, Invalid for a membership that is not live.
    """
    member = require(by, "set_task")
    _require_own(meeting, member.agency_id)
    _lock_open(meeting)
    wanted = set(present)
    memberships = list(Membership.objects.live().filter(pk__in=wanted))
    if len(memberships) != len(wanted):
        raise Invalid(present="Somebody who was ticked is no member any more")
    items = list(AgendaItem.rows.filter(meeting=meeting))
    seen = sights(by, {item.person_id for item in items})
    opened = [item for item in items if seen[item.person_id].may_write(Category.TASKING)]
    known = set(meeting.attendees.values_list("user_id", flat=True))
    for membership in memberships:
        if membership.user_id in known:
            continue
        known.add(membership.user_id)
        attendee = Attendee.objects.create(
            meeting=meeting, user_id=membership.user_id, agency_id=membership.agency_id
        )
        trail.record(by, "meeting.attended", subject=meeting, detail={"user": attendee.user_id})
        for item in opened:
            _show(item, attendee, by)


@transaction.atomic
def add_person(*, meeting: Meeting, person: YoungPerson, why: str, by: Actor) -> AgendaItem:
    """Put somebody on the agenda: those present see pointer and tasking until the end.

    Raises NotVisible or NotAllowed; Conflict when they are on it or the meeting is over.
    """
    member = require(by, "set_task")
    _require_own(meeting, member.agency_id)
    require_write(by, person.pk, Category.TASKING)
    _lock_open(meeting)
    if AgendaItem.rows.filter(meeting=meeting, person=person).exists():
        raise Conflict("This young person is on the agenda already.")
    item = AgendaItem(
        person=person, meeting=meeting, why=why, added_by_id=member.user_id, added_at=instant()
    )
    item.save(force_insert=True)
    for attendee in meeting.attendees.all():
        _show(item, attendee, by)
    trail.record(
        by,
        "agenda.added",
        subject=item,
        person_id=person.pk,
        categories=to_bits([Category.TASKING]),
        values={"why": why},
    )
    return item


@transaction.atomic
def decide(*, item: AgendaItem, decision: str, by: Actor) -> AgendaItem:
    """Write down, in a line, what the meeting decided. Raises NotVisible or NotAllowed."""
    member = require(by, "set_task")
    require_write(by, item.person_id, Category.TASKING)
    locked: AgendaItem = AgendaItem.rows.select_for_update().get(pk=item.pk)
    _require_own(locked.meeting, member.agency_id)
    locked.decision, locked.discussed_at = decision, instant()
    locked.save(force_update=True)
    trail.record(
        by,
        "agenda.decided",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.TASKING]),
        values={"decision": decision},
    )
    return locked


@transaction.atomic
def close(*, meeting: Meeting, by: Actor) -> Meeting:
    """Close the meeting: what those present saw by it ends; undone tasks carry forward.

    Raises NotAllowed, Conflict when it is over already.
    """
    member = require(by, "set_task")
    _require_own(meeting, member.agency_id)
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.closed_at is not None:
        raise Conflict("This meeting is over already.")
    locked.closed_at = instant()
    locked.save(update_fields=["closed_at"])
    for item in AgendaItem.rows.filter(meeting=locked):
        involvement.end_where(
            person_id=item.person_id, source_id=item.pk, bases=[Basis.AGENDA], by=by
        )
    carried = Task.rows.filter(agency_id=member.agency_id, closed_at=None).update(
        carried=F("carried") + 1
    )
    trail.record(by, "meeting.closed", subject=locked, detail={"carried": carried})
    return locked


def _show(item: AgendaItem, attendee: Attendee, by: Actor) -> None:
    involvement.begin(
        person_id=item.person_id,
        agency_id=attendee.agency_id,
        worker_id=attendee.user_id,
        basis=Basis.AGENDA,
        categories=AGENDA,
        source=item,
        by=by,
    )


def _lock_open(meeting: Meeting) -> None:
    """Raise Conflict when the meeting is over: what is opened then would never end."""
    if Meeting.objects.select_for_update().get(pk=meeting.pk).closed_at is not None:
        raise Conflict("This meeting is over.")


def _require_own(meeting: Meeting, agency_id: UUID) -> None:
    if meeting.agency_id != agency_id:
        raise NotAllowed
