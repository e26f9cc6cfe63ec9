"""The duty rota."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from access.actor import Actor, NotAllowed
from agencies.models import DutyShift, User
from agencies.queries import require, workers
from audit import trail
from core.clock import LONDON, instant
from core.errors import Conflict, Invalid

LONGEST = timedelta(days=7)
"""Of one shift, by the clock on the wall: a week on call."""


@transaction.atomic
def publish(*, user: User, starts: datetime, ends: datetime, by: Actor) -> DutyShift:
    """Put somebody of the actor's agency on duty; it counts from this instant at the earliest.

    A manager may name themselves: what being on duty opens is open to managers anyway. Raises
    NotAllowed; Invalid for somebody who does not work there with young people until it ends,
    or is on duty then already, and for an end that is no end or too far away.
    """
    member = require(by, "publish_rota")
    starts = max(starts, instant())
    if ends <= starts:
        raise Invalid(ends="The end must be after the beginning, and in the future")
    if ends.astimezone(LONDON) - starts.astimezone(LONDON) > LONGEST:
        raise Invalid(ends=f"One shift can last {LONGEST.days} days: publish the next one as well")
    stays = Q(ends=None) | Q(ends__gte=ends)
    if not workers(member.agency_id).filter(stays, user_id=user.pk).exists():
        raise Invalid(user="Choose somebody who works with young people here until it ends")
    try:
        with transaction.atomic():
            shift = DutyShift(
                agency_id=member.agency_id,
                user=user,
                starts=starts,
                ends=ends,
                published_at=instant(),
            ).sealed_save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(user="They are on duty in a part of this time already") from error
    trail.record(by, "duty.published", subject=shift, detail=_detail(shift))
    return shift


@transaction.atomic
def withdraw(*, shift: DutyShift, by: Actor) -> DutyShift:
    """Take back what is left of a shift, from this instant; what has been of it stays.

    Raises NotAllowed; Conflict when it is over or taken back already.
    """
    member = require(by, "publish_rota")
    if shift.agency_id != member.agency_id:
        raise NotAllowed
    locked = DutyShift.objects.select_for_update().get(pk=shift.pk)
    now = instant()
    if locked.ends is not None and locked.ends <= max(now, locked.starts):
        raise Conflict("This shift is over, or has been taken back already.")
    locked.ends = max(now, locked.starts)
    locked.sealed_save(update_fields=["ends"])
    trail.record(by, "duty.withdrawn", subject=locked, detail=_detail(locked))
    return locked


def _detail(shift: DutyShift) -> dict[str, object]:
    return {"user": shift.user_id, "agency": shift.agency_id}
