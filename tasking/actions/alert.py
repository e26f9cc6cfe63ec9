"""Alerts: raised to the lead, climbing to duty and to the manager until somebody has seen them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from access.actor import Actor, NotAllowed
from access.bases import Basis
from access.categories import Category, to_bits
from access.reading import sight
from agencies.actions import notice
from agencies.models import User
from agencies.queries import duty_users, managers, require
from audit import trail
from core.clock import instant
from core.errors import Conflict
from core.ids import new_id
from core.once import once
from people.models import YoungPerson
from sharing import facts
from sharing.models import Bar, Involvement, Restriction
from tasking.enums import AlertKind, AlertLevel
from tasking.models import Alert
from tasking.workflow import CLIMB


@transaction.atomic
def tell_lead(
    *,
    person: YoungPerson,
    message: str,
    callback: str = "",
    key: UUID | None = None,
    by: Actor,
) -> Alert:
    """Send the lead worker a message that has to be seen now.

    Open to everybody who sees the pointer; it opens nothing to them. The same `key` again
    returns what was sent first. Raises NotVisible, NotAllowed, and Conflict when no agency
    answers for the person.
    """
    member = require(by, "tell_lead")
    sight(by, person.pk)
    agency_id = facts.lead_agency(person.pk)
    if agency_id is None:
        raise Conflict("No agency leads on this young person now. Call the duty worker.")
    user = User.objects.get(pk=member.user_id)
    return once(
        key,
        made=lambda key: Alert.rows.filter(pk=key, person=person, raised_by=user).first(),
        make=lambda key: raise_alert(
            key=key,
            person_id=person.pk,
            agency_id=agency_id,
            kind=AlertKind.TELL_LEAD,
            message=message,
            callback=callback,
            raised_by=user,
            by=by,
        ),
    )


def raise_alert(
    *,
    person_id: UUID,
    agency_id: UUID,
    kind: AlertKind,
    message: str,
    callback: str = "",
    raised_by: User | None = None,
    raised_by_name: str = "",
    key: UUID | None = None,
    by: Actor,
) -> Alert:
    """Raise an alert, under this key, to whoever is the first to be there: lead, duty, manager."""
    level, owners = _reached(person_id, agency_id, AlertLevel.LEAD)
    now = instant()
    alert = Alert(
        id=key or new_id(),
        person_id=person_id,
        kind=kind,
        message=message,
        callback=callback,
        raised_by=raised_by,
        raised_by_name=raised_by_name or (raised_by.name if raised_by else ""),
        raised_at=now,
        agency_id=agency_id,
        owner_id=owners[0] if owners else None,
        level=level,
        climbs_at=now + CLIMB[level][1] if level in CLIMB else None,
    )
    alert.save(force_insert=True)
    trail.record(
        by,
        "alert.raised",
        subject=alert,
        person_id=person_id,
        categories=to_bits([Category.SAFETY]),
        detail={"kind": kind, "level": level, "owner": alert.owner_id},
    )
    _page(alert, owners)
    return alert


@transaction.atomic
def see(*, alert: Alert, by: Actor) -> Alert:
    """Note that somebody who answers for the person has seen it: it climbs no further.

    Raises NotVisible, NotAllowed for who can't read it, Conflict when it was seen.
    """
    member = require(by, "answer_task")
    if not sight(by, alert.person_id).sees(Category.SAFETY) or member.agency_id != alert.agency_id:
        raise NotAllowed
    locked: Alert = Alert.rows.select_for_update().get(pk=alert.pk)
    if locked.seen_at is not None:
        raise Conflict("Somebody has seen this already.")
    locked.seen_at, locked.seen_by_id, locked.climbs_at = instant(), member.user_id, None
    locked.save(force_update=True)
    trail.record(
        by,
        "alert.seen",
        subject=locked,
        person_id=locked.person_id,
        categories=to_bits([Category.SAFETY]),
    )
    return locked


@transaction.atomic
def climb(*, alert_id: UUID, by: Actor) -> bool:
    """Take an unseen alert up to whoever is the next to be there, if it is due; whether it climbed.

    Safe to run twice.
    """
    alert: Alert | None = (
        Alert.rows.select_for_update(skip_locked=True)
        .filter(pk=alert_id, seen_at=None, climbs_at__lte=instant())
        .first()
    )
    if alert is None or alert.level not in CLIMB:
        return False
    alert.level, owners = _reached(alert.person_id, alert.agency_id, CLIMB[alert.level][0])
    if owners:
        alert.owner_id = owners[0]
    alert.climbs_at = alert.raised_at + CLIMB[alert.level][1] if alert.level in CLIMB else None
    alert.save(force_update=True)
    trail.record(
        by,
        "alert.climbed",
        subject=alert,
        person_id=alert.person_id,
        categories=to_bits([Category.SAFETY]),
        detail={"level": alert.level, "owner": alert.owner_id},
    )
    _page(alert, owners)
    return True


def _reached(person_id: UUID, agency_id: UUID, level: str) -> tuple[str, list[UUID]]:
    """The first level from this one upwards at which somebody answers, and who they are.

    With nobody at any, it waits at this one for the next step; never at the lead's, where
    nobody else would find it.
    """
    asked = level
    while not (owners := _owners(person_id, agency_id, asked)) and asked in CLIMB:
        asked = CLIMB[asked][0]
    if owners:
        return asked, owners
    return (AlertLevel.DUTY if level == AlertLevel.LEAD else level), []


def _owners(person_id: UUID, agency_id: UUID, level: str) -> list[UUID]:
    """Whom an alert reaches at a level: of a restricted person only workers named on them.

    Somebody who is barred from the person is passed over.
    """
    barred = set(Bar.rows.live().filter(person_id=person_id).values_list("user_id", flat=True))
    named = Involvement.rows.live().filter(
        person_id=person_id, agency_id=agency_id, worker__isnull=False
    )
    if level == AlertLevel.LEAD:
        found = named.filter(basis__in=[Basis.LEAD, Basis.COVER])
        people = [row.worker_id for row in found.order_by("basis") if row.worker_id]
        return [user for user in people if user not in barred]
    if level == AlertLevel.DUTY:
        people = list(duty_users(agency_id).values_list("pk", flat=True))
    else:
        people = list(managers(agency_id).values_list("user_id", flat=True))
    if Restriction.rows.live().filter(person_id=person_id).exists():
        allowed = set(named.values_list("worker_id", flat=True))
        people = [user for user in people if user in allowed]
    people = [user for user in people if user not in barred]
    return people[:1] if level == AlertLevel.MANAGER else people


def _page(alert: Alert, owners: list[UUID]) -> None:
    notice.tell(owners, "alert", path="/", about=f"{alert.pk}:{alert.level}")
