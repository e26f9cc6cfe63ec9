"""The lead worker: exactly one from assessment to closing; cover and team beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from access.actor import Actor, Member, NotAllowed
from access.bases import Basis
from access.categories import ALL, Category, to_bits
from access.reading import require_write
from access.wall import passage, through
from agencies.actions import notice
from agencies.endings import Ending
from agencies.models import Agency
from agencies.queries import managers, require, workers
from audit import trail
from casework.enums import CaseState
from casework.models import Case, FollowUp, LeadPeriod
from casework.workflow import TAIL
from core.clock import instant
from core.errors import Conflict, Invalid
from sharing import endings
from sharing.actions import involvement, protection, responsibility
from sharing.models import Bar, Involvement, Restriction

WITHOUT_CONFIDENCES = ALL - {Category.SAFE_ADDRESS, Category.TASKING}
"""What a tail and a record carry."""


def assign(*, case: Case, worker_id: UUID, replacing: UUID | None = None, by: Actor) -> LeadPeriod:
    """Make a worker of the actor's agency the lead worker from this instant.

    `replacing` is the user whom the actor believes to lead now, none for nobody: of two
    managers at once one wins and the other gets Conflict. A former lead keeps a read-only
    tail of 14 days. Raises NotAllowed or NotVisible; Invalid for somebody who does not
    work there.
    """
    try:
        return _assign(case=case, worker_id=worker_id, replacing=replacing, by=by)
    except (IntegrityError, OperationalError) as error:
        # The exclusion constraint, or a deadlock: somebody else was quicker.
        raise Conflict("Somebody else has just assigned a lead worker.") from error


@transaction.atomic
def _assign(*, case: Case, worker_id: UUID, replacing: UUID | None, by: Actor) -> LeadPeriod:
    member = require(by, "assign_lead")
    require_write(by, case.person_id, Category.POINTER)
    _not_oneself(worker_id, member)
    locked: Case = Case.rows.select_for_update().get(pk=case.pk)
    if not locked.is_open:
        raise Conflict("This case is closed.")
    if locked.agency_id != member.agency_id:
        raise NotAllowed
    current = LeadPeriod.rows.live().filter(case=locked).select_related("case").first()
    if (current.worker_id if current else None) != replacing:
        raise Conflict("Somebody else has just assigned a lead worker.")
    if current is not None and current.worker_id == worker_id:
        raise Conflict("This worker leads already.")
    if not workers(member.agency_id).filter(user_id=worker_id).exists():
        raise Invalid(worker="This worker is not at your agency now")
    _not_barred(locked.person_id, worker_id)
    now = instant()
    if current is not None:
        _hand_over(current, by)
    period = LeadPeriod(
        person_id=locked.person_id,
        case=locked,
        worker_id=worker_id,
        agency_id=member.agency_id,
        assigned_by_id=member.user_id,
        starts=now,
    ).sealed_save(force_insert=True)
    involvement.begin(
        person_id=locked.person_id,
        agency_id=member.agency_id,
        worker_id=worker_id,
        basis=Basis.LEAD,
        categories=ALL,
        source=locked,
        by=by,
    )
    involvement.end_where(person_id=locked.person_id, bases=[Basis.INTAKE], by=by)
    responsibility.take(person_id=locked.person_id, agency_id=member.agency_id, by=by)
    _take_checks(locked, worker_id)
    if locked.state == CaseState.OPENING:
        locked.state = CaseState.ASSESSMENT
        locked.save(force_update=True)
    trail.record(
        by,
        "lead.assigned",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.POINTER]),
        detail={"worker": worker_id, "agency": member.agency_id, "replacing": replacing},
    )
    if worker_id != member.user_id:
        notice.tell([worker_id], "lead_assigned", path="/", about=str(period.pk))
    return period


_TAKE_OVER = passage("lead.take_over", "whoever ends a membership need not see its cases")


@transaction.atomic
def take_over(
    *, worker_id: UUID, agency_id: UUID, manager_id: UUID | None = None, by: Actor
) -> int:
    """Move every case that a worker leads at an agency to a manager; the number moved.

    Part of ending a membership, never of a page: whoever ends it need not see the cases.
    The worker keeps no tail. A manager who is barred from the young person is passed over
    for another. With no manager at all the case stays open to the managers to come.
    """
    moved = 0
    with through(_TAKE_OVER):
        periods = LeadPeriod.rows.live().filter(worker_id=worker_id, agency_id=agency_id)
        for period in periods.select_for_update().select_related("case").order_by("pk"):
            manager = successor(
                person_id=period.person_id,
                agency_id=agency_id,
                leaver=worker_id,
                manager_id=manager_id,
            )
            involvement.end_where(person_id=period.person_id, bases=[Basis.LEAD], by=by)
            involvement.begin(
                person_id=period.person_id,
                agency_id=agency_id,
                worker_id=manager,
                basis=Basis.LEAD,
                categories=ALL,
                source=period.case,
                by=by,
            )
            if manager is None:
                continue
            period.ends = instant()
            period.sealed_save(update_fields=["ends"])
            following = LeadPeriod(
                person_id=period.person_id,
                case=period.case,
                worker_id=manager,
                agency_id=agency_id,
                assigned_by_id=by.user_id if isinstance(by, Member) else manager,
                starts=instant(),
            ).sealed_save(force_insert=True)
            _take_checks(period.case, manager)
            trail.record(
                by,
                "lead.assigned",
                subject=period.case,
                person_id=period.person_id,
                categories=to_bits([Category.POINTER]),
                detail={"worker": manager, "agency": agency_id, "replacing": worker_id},
            )
            notice.tell([manager], "lead_assigned", path="/", about=str(following.pk))
            moved += 1
    return moved


def follow_leaver(ending: Ending, by: Actor) -> None:
    """Move the leads of somebody who has left. A follower of `agencies.endings`."""
    if not ending.still_works_there:
        take_over(
            worker_id=ending.membership.user_id,
            agency_id=ending.membership.agency_id,
            manager_id=ending.manager_id,
            by=by,
        )


def successor(
    *, person_id: UUID, agency_id: UUID, leaver: UUID, manager_id: UUID | None
) -> UUID | None:
    """The manager asked for, or else any, as long as they are not barred from the person."""
    barred = Bar.rows.live().filter(person_id=person_id).values("user_id")
    fit = list(
        managers(agency_id)
        .exclude(user_id=leaver)
        .exclude(user_id__in=barred)
        .values_list("user_id", flat=True)
    )
    if manager_id in fit:
        return manager_id
    return fit[0] if fit else None


@transaction.atomic
def join_team(
    *,
    case: Case,
    agency: Agency,
    worker_id: UUID,
    categories: Iterable[Category],
    ends: datetime | None = None,
    by: Actor,
) -> Involvement:
    """Have a named worker join the team for some categories, which they then may write.

    Raises NotAllowed, also for a partner's manager, or NotVisible; Invalid for a worker
    who is not there, no category, or an end that is not in the future.
    """
    member = require(by, "assign_lead")
    wanted = frozenset(categories)
    require_write(by, case.person_id, Category.POINTER)
    responsibility.require_lead(member, case.person_id)
    _not_oneself(worker_id, member)
    if not wanted or Category.SAFE_ADDRESS in wanted:
        raise Invalid(categories="Choose what this worker needs to see")
    return _involve(case, agency, worker_id, Basis.TEAM, wanted, ends, by)


@transaction.atomic
def cover(*, case: Case, worker_id: UUID, ends: datetime, by: Actor) -> Involvement:
    """Have a worker of the actor's agency cover for the lead until a day.

    Raises NotAllowed or NotVisible, Invalid for an end that is not in the future.
    """
    member = require(by, "assign_lead")
    require_write(by, case.person_id, Category.POINTER)
    responsibility.require_lead(member, case.person_id)
    _not_oneself(worker_id, member)
    agency = Agency.objects.get(pk=member.agency_id)
    return _involve(case, agency, worker_id, Basis.COVER, ALL, ends, by)


@transaction.atomic
def leave_team(*, row: Involvement, by: Actor) -> None:
    """End a place on the team, or cover, at this instant; what was theirs to do goes home.

    Whoever leaves their last place there is shown a safe address no longer either. Raises
    NotAllowed or NotVisible; Conflict when it is over, or when too few would be left who
    see a restricted record.
    """
    member = require(by, "assign_lead")
    require_write(by, row.person_id, Category.POINTER)
    responsibility.require_lead(member, row.person_id)
    if row.basis not in {Basis.TEAM, Basis.COVER}:
        raise NotAllowed
    theirs = Involvement.rows.live().filter(
        person_id=row.person_id,
        agency_id=row.agency_id,
        worker_id=row.worker_id,
        basis__in=[Basis.TEAM, Basis.COVER],
    )
    locked = {one.pk: one for one in theirs.select_for_update()}
    if row.pk not in locked:
        raise Conflict("This has ended already.")
    leaving = [locked.pop(row.pk)]
    if all(one.categories == {Category.SAFE_ADDRESS} for one in locked.values()):
        leaving += locked.values()
    for one in leaving:
        involvement.end(involvement=one, by=by)
        endings.ended(one, by)
    if Restriction.rows.live().filter(person_id=row.person_id).exists():
        protection.require_named(row.person_id, member.agency_id)
    if row.worker_id is not None:
        notice.tell([row.worker_id], "consent_changed", path="/", about=f"{row.pk}:left")


def _not_barred(person_id: UUID, worker_id: UUID) -> None:
    """Raise Invalid for who must never see the person: they would lead somebody unseen."""
    if Bar.rows.live().filter(person_id=person_id, user_id=worker_id).exists():
        raise Invalid(worker="This worker can’t work with this young person")


def _not_oneself(worker_id: UUID, member: Member) -> None:
    """Raise Invalid for who would open something to themselves, a safe address for one."""
    if worker_id == member.user_id:
        raise Invalid(worker="Somebody else has to choose you for this")


def _involve(
    case: Case,
    agency: Agency,
    worker_id: UUID,
    basis: Basis,
    categories: frozenset[Category],
    ends: datetime | None,
    by: Actor,
) -> Involvement:
    if not workers(agency.pk).filter(user_id=worker_id).exists():
        raise Invalid(worker="This worker is not at that agency now")
    _not_barred(case.person_id, worker_id)
    if ends is not None and ends <= instant():
        raise Invalid(ends="The end must be in the future")
    # Of somebody who closes it at the same time, one waits for the other.
    if not Case.rows.select_for_update().get(pk=case.pk).is_open:
        raise Conflict("This case is closed.")
    row = involvement.begin(
        person_id=case.person_id,
        agency_id=agency.pk,
        worker_id=worker_id,
        basis=basis,
        categories=categories,
        ends=ends,
        source=case,
        by=by,
    )
    notice.tell([worker_id], "consent_changed", path="/", about=str(row.pk))
    return row


def _take_checks(case: Case, worker_id: UUID) -> None:
    """Have whoever leads from now on make the follow-ups that are still to come."""
    FollowUp.rows.filter(case=case, done_at=None).update(owner_id=worker_id)


def _hand_over(current: LeadPeriod, by: Actor) -> None:
    now = instant()
    current.ends = now
    current.sealed_save(update_fields=["ends"])
    involvement.end_where(person_id=current.person_id, bases=[Basis.LEAD], by=by)
    involvement.begin(
        person_id=current.person_id,
        agency_id=current.agency_id,
        worker_id=current.worker_id,
        basis=Basis.TAIL,
        categories=WITHOUT_CONFIDENCES,
        ends=now + TAIL,
        source=current.case,
        by=by,
    )
