"""Logging interventions and events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import ALL, COMPONENTS, Category, to_bits
from access.reading import require_write, sight
from agencies.queries import require
from audit import trail
from casework.enums import MET, Attendance, EventKind, Mode, PartPlayed
from casework.models import Case, Intervention, KindOfIntervention, LifeEvent
from core.clock import instant, today
from core.errors import Conflict, Invalid
from core.once import once
from core.prepared import Prepared
from people.models import YoungPerson
from sharing.models import Involvement

LOGGABLE: frozenset[Category] = frozenset(COMPONENTS) | {
    Category.EDUCATION,
    Category.CLINICAL,
}


def log(
    *,
    person: YoungPerson,
    categories: Iterable[Category],
    kind: KindOfIntervention,
    at: datetime,
    minutes: int,
    attendance: str,
    mode: str = Mode.FACE_TO_FACE,
    place: str = "",
    worker_came: bool = True,
    note: str = "",
    next_step: str = "",
    next_on: date | None = None,
    key: UUID | None = None,
    by: Actor,
) -> Intervention:
    """Log one contact or piece of work.

    The same `key` again returns what was logged first, so that a form sent twice logs
    once. Through a tail, contacts made before the handover may still be logged. Raises
    NotVisible, NotAllowed; Conflict when there is no case to log it in; Invalid for times
    and words that can't be.
    """
    member = require(by, "log_intervention")
    wanted = frozenset(categories)

    def logged(key: UUID) -> Intervention | None:
        mine = Intervention.rows.filter(pk=key, person=person, logged_by_id=member.user_id)
        return mine.first()

    def make(key: UUID) -> Intervention:
        _check(wanted, at, minutes, attendance, mode, next_on)
        if Category.CLINICAL in wanted:
            require(by, "write_clinical_note")
        case = next(iter(_CASES.instances(person=person.pk)), None)
        tails = _TAILS.instances(person=person.pk, worker=member.user_id, at=instant())
        if not _logs_late(next(iter(tails), None), at, wanted, member):
            require_write(by, person.pk, *wanted)
            if case is None or not (case.is_open or _follows_up(person.pk, member)):
                raise Conflict("There is no open case to log this in.")
        assert case is not None
        row = Intervention(
            id=key,
            person=person,
            case=case,
            categories=wanted,
            kind=kind,
            mode=mode,
            at=at,
            minutes=minutes,
            place=place,
            attendance=attendance,
            worker_came=worker_came,
            note=note,
            next_step=next_step,
            next_on=next_on,
            agency_id=member.agency_id,
            logged_by_id=member.user_id,
            logged_at=instant(),
        )
        # Without a key there is no savepoint: nothing goes on after an error.
        with transaction.atomic(savepoint=False):
            _write(row, by)
        return row

    return once(key, made=logged, make=make)


def _write(row: Intervention, by: Actor) -> None:
    row.save(force_insert=True)
    _note_contact(row)
    trail.record(
        by,
        "intervention.logged",
        subject=row,
        person_id=row.person_id,
        categories=to_bits(row.categories),
        values={
            "kind": row.kind.code,
            "at": row.at,
            "minutes": row.minutes,
            "attendance": row.attendance,
            "note": row.note,
            "next_step": row.next_step,
        },
    )


def _note_contact(row: Intervention) -> None:
    """Have the case say when they were last met, and when they will be next.

    Not by therapy: whoever sees its case may not learn that there is any. And who did not
    come was not met: so that those who stopped coming are found.
    """
    if Category.CLINICAL in row.categories:
        return
    case = Case.rows.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=row.at), pk=row.case_id)
    if row.attendance in MET:
        case.update(last_contact_at=row.at, next_contact_on=row.next_on)
    elif row.next_on is not None:
        case.update(next_contact_on=row.next_on)


@transaction.atomic
def amend(
    *, intervention: Intervention, note: str, next_step: str, version: int | None, by: Actor
) -> Intervention:
    """Correct the words of what the actor logged; earlier versions stay in its history.

    Raises NotVisible, NotAllowed for what somebody else logged, Stale.
    """
    member = require(by, "log_intervention")
    require_write(by, intervention.person_id, *intervention.categories)
    if intervention.logged_by_id != member.user_id:
        raise NotAllowed
    locked: Intervention = Intervention.rows.select_for_update().get(pk=intervention.pk)
    locked.expect(version)
    locked.note, locked.next_step = note, next_step
    locked.save(force_update=True)
    trail.record(
        by,
        "intervention.amended",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits(locked.categories),
        values={"note": note, "next_step": next_step},
    )
    return locked


@transaction.atomic
def record_event(
    *,
    person: YoungPerson,
    categories: Iterable[Category],
    kind: str,
    on: date,
    what: str,
    source: str,
    part: str = PartPlayed.NONE,
    key: UUID | None = None,
    by: Actor,
) -> LifeEvent:
    """Record something that happened, with its source and the part played in it alone.

    The same `key` again returns what was recorded first. Raises NotVisible, NotAllowed;
    Invalid for a day to come, or without a source.
    """
    member = require(by, "log_intervention")
    wanted = frozenset(categories)
    if not wanted or not wanted <= ALL:
        raise Invalid(categories="Choose what this belongs to")
    require_write(by, person.pk, *wanted)
    if on > today():
        raise Invalid(on="The day must be today or in the past")
    if not source.strip():
        raise Invalid(source="Say where this is known from")
    if kind not in EventKind.values:
        raise Invalid(kind="Choose what happened")

    def make(key: UUID) -> LifeEvent:
        row = LifeEvent(
            id=key,
            person=person,
            categories=wanted,
            kind=kind,
            on=on,
            what=what,
            source=source,
            part=part,
            agency_id=member.agency_id,
            recorded_by_id=member.user_id,
            recorded_at=instant(),
        )
        row.save(force_insert=True)
        trail.record(
            by,
            "event.recorded",
            subject=row,
            person_id=person.pk,
            categories=to_bits(wanted),
            values={"kind": kind, "on": on, "part": part, "what": what, "source": source},
        )
        return row

    def made(key: UUID) -> LifeEvent | None:
        mine = LifeEvent.rows.filter(pk=key, person=person, recorded_by_id=member.user_id)
        return mine.first()

    return once(key, made=made, make=make)


def _check(
    categories: frozenset[Category],
    at: datetime,
    minutes: int,
    attendance: str,
    mode: str,
    next_on: date | None,
) -> None:
    faults: dict[str, str] = {}
    if not categories:
        faults["categories"] = "Choose at least one component"
    elif not categories <= LOGGABLE:
        faults["categories"] = "Choose among the components"
    if at > instant():
        faults["at"] = "The time must be in the past"
    if not 0 <= minutes <= 24 * 60:
        faults["minutes"] = "How long must be between 0 minutes and 24 hours"
    if attendance not in Attendance.values:
        faults["attendance"] = "Choose whether they came"
    if mode not in Mode.values:
        faults["mode"] = "Choose how the contact was made"
    if next_on is not None and next_on < today():
        faults["next_on"] = "The next day must be today or later"
    if faults:
        raise Invalid(faults)


def _cases(person: UUID) -> QuerySet[Case]:
    """The open case first, or else the last one."""
    return Case.rows.filter(person_id=person).order_by(
        F("closed_at").desc(nulls_first=True), "-opened_at"
    )[:1]


def _tails(person: UUID, worker: UUID, at: datetime) -> QuerySet[Involvement]:
    """That of a former lead who hands over, if it still runs."""
    rows: QuerySet[Involvement] = Involvement.rows.live(at).filter(
        person_id=person, basis=Basis.TAIL, worker_id=worker
    )
    return rows.order_by("-starts")[:1]


_CASES = Prepared(_cases, person=UUID)
_TAILS = Prepared(_tails, person=UUID, worker=UUID, at=datetime)


def _follows_up(person_id: UUID, member: Member) -> bool:
    return (
        Involvement.rows.live()
        .filter(
            person_id=person_id,
            basis=Basis.FOLLOW_UP,
            agency_id=member.agency_id,
        )
        .exists()
    )


def _logs_late(
    tail: Involvement | None, at: datetime, categories: frozenset[Category], member: Member
) -> bool:
    """Whether a former lead logs, through a tail, a contact made before the handover."""
    if tail is None or at >= tail.starts:
        return False
    return sight(member, tail.person_id).sees(*categories) and Category.CLINICAL not in categories
