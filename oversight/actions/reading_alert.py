"""Alerts about somebody's reading: raised, climbing until somebody answers, answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from access.actor import Actor, Member, NotAllowed, NotVisible
from access.roles import Role
from agencies.actions import notice
from agencies.queries import managers, may, workers
from audit import trail
from audit.models import AccessRecord
from core.clock import LONDON, instant
from core.errors import Conflict, Invalid
from oversight import rules
from oversight.enums import AlertLevel, ReadingKind
from oversight.models import ReadingAlert


@transaction.atomic
def find(*, day: date, by: Actor) -> int:
    """Raise an alert for everybody who read of unusually many people on a day; how many.

    What was read in a meeting does not count. Safe to run twice, and again when the day
    has gone on: one alert for each user, agency and day.
    """
    begins = datetime.combine(day, time(), tzinfo=LONDON)
    ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
    reads = AccessRecord.objects.filter(meeting_id=None, user_id__isnull=False).order_by()
    known = ReadingAlert.objects.filter(day=day, kind=ReadingKind.VOLUME)
    there = set(known.values_list("agency_id", "user_id"))
    many = (
        reads.filter(at__gte=begins, at__lt=ends)
        .values("agency_id", "user_id")
        .annotate(people=Count("person_id", distinct=True))
        .filter(people__gt=rules.MANY)
    )
    raised = 0
    for one in many:
        agency_id, user_id = one["agency_id"], one["user_id"]
        if agency_id is None or user_id is None or (agency_id, user_id) in there:
            continue
        before = (
            reads.filter(
                agency_id=agency_id,
                user_id=user_id,
                at__gte=begins - timedelta(days=rules.USUAL_DAYS),
                at__lt=begins,
            )
            .annotate(on=TruncDate("at", tzinfo=LONDON))
            .values("on")
            .annotate(people=Count("person_id", distinct=True))
        )
        usual = sorted(row["people"] for row in before)
        if rules.is_unusual(one["people"], usual):
            middle = usual[len(usual) // 2] if usual else 0
            _raise(agency_id, user_id, day, one["people"], middle, by)
            raised += 1
    return raised


def _raise(agency_id: UUID, user_id: UUID, day: date, people: int, usual: int, by: Actor) -> None:
    level: str = AlertLevel.AUDITOR
    owner = _owner(level, agency_id, [user_id])
    while owner is None and level in rules.CLOCK:
        level = rules.CLOCK[level][0]
        owner = _owner(level, agency_id, [user_id])
    row = ReadingAlert(
        kind=ReadingKind.VOLUME,
        agency_id=agency_id,
        user_id=user_id,
        day=day,
        people=people,
        usual=usual,
        raised_at=instant(),
        owner_id=owner,
        level=level,
        climbs_at=instant() + rules.CLOCK[level][1] if level in rules.CLOCK else None,
    )
    row.save(force_insert=True)
    trail.record(
        by,
        "reading_alert.raised",
        subject=row,
        detail={"agency": agency_id, "user": user_id, "owner": owner, "level": level},
    )
    _tell(row)


@transaction.atomic
def climb(*, alert_id: UUID, by: Actor) -> bool:
    """Take an alert that nobody answered one level up, if it is due. Safe to run twice."""
    row = (
        ReadingAlert.objects.select_for_update(skip_locked=True)
        .filter(pk=alert_id, answered_at=None, climbs_at__lte=instant())
        .first()
    )
    if row is None or row.level not in rules.CLOCK:
        return False
    passed = [row.user_id, *([row.owner_id] if row.owner_id else [])]
    row.level = rules.CLOCK[row.level][0]
    row.owner_id = _owner(row.level, row.agency_id, passed) or row.owner_id
    row.climbs_at = instant() + rules.CLOCK[row.level][1] if row.level in rules.CLOCK else None
    row.save(force_update=True)
    trail.record(
        by,
        "reading_alert.climbed",
        subject=row,
        detail={
            "agency": row.agency_id,
            "user": row.user_id,
            "owner": row.owner_id,
            "level": row.level,
        },  # fmt: skip
    )
    _tell(row)
    return True


@transaction.atomic
def answer(*, alert: ReadingAlert, words: str, by: Actor) -> ReadingAlert:
    """Say what came of it: an auditor of the agency, or the manager to whom it climbed.

    Nobody answers for their own reading. Raises NotAllowed, NotVisible, Invalid, Conflict.
    """
    if not isinstance(by, Member) or by.agency_id != alert.agency_id:
        raise NotVisible
    if by.user_id == alert.user_id:
        raise NotAllowed
    if not may(by, "view_registers") and by.user_id != alert.owner_id:
        raise NotVisible
    if not words.strip():
        raise Invalid(answer="Say what came of it")
    row = ReadingAlert.objects.select_for_update().get(pk=alert.pk)
    if row.answered_at is not None:
        raise Conflict("Somebody has answered this already.")
    row.answer, row.answered_at, row.answered_by_id = words, instant(), by.user_id
    row.climbs_at = None
    row.save(force_update=True)
    trail.record(
        by,
        "reading_alert.answered",
        subject=row,
        values={"answer": words},
        detail={"agency": row.agency_id, "user": row.user_id},
    )
    return row


def _owner(level: str, agency_id: UUID, not_these: list[UUID]) -> UUID | None:
    """Who answers at a level; never the reader, and never who has been asked already."""
    if level == AlertLevel.MANAGER:
        found = managers(agency_id)
    else:
        found = workers(agency_id, [Role.AUDITOR])
    first: UUID | None = (
        found.exclude(user_id__in=not_these).values_list("user_id", flat=True).first()
    )
    return first


def _tell(row: ReadingAlert) -> None:
    if row.owner_id:
        path = f"/oversight/alerts/{row.pk}/"
        notice.tell([row.owner_id], "review_due", path=path, about=f"{row.pk}:{row.level}")
