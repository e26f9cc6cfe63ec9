"""Background work of this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from celery import shared_task
from django.db.models import Exists, OuterRef, Q

from access.actor import System
from access.bases import Basis
from access.context import one_by_one, transact
from access.roles import Role
from agencies.actions import notice
from agencies.queries import workers
from audit import trail
from core.clock import LONDON, instant, today
from sharing import coverage, facts, reach
from sharing.actions import break_glass, late_review
from sharing.enums import DecisionKind, DecisionState
from sharing.models import (
    Agreement,
    Bar,
    Consent,
    ConsentLine,
    Involvement,
    Restriction,
    SharingDecision,
)
from sharing.rules import BIRTHDAYS, refresh_reasons, turns

JOB = System("sharing.find_due")
PROTECTION_CLIMBS = ((1, Role.MANAGER), (7, Role.AUDITOR), (14, Role.ADMINISTRATOR))
"""How many days late a review of what protects is when it climbs, and to whom."""
AT_ONCE = 1_000
RENEW_WITHIN = timedelta(days=14)
"""How long before its end a routine share is spoken of."""


@shared_task(name="sharing.find_due")
def find_due() -> dict[str, int]:
    """Tell those who answer for it of consents to ask for again; how many of each.

    “Today” is London's. Safe to run twice: nobody is told of the same thing twice.
    """
    with transact(JOB, route="sharing.find_due"):
        told = {
            "consents": _consents(),
            "rounds": _rounds(),
            "agreements": _agreements(),
            "protections": _protections(),
        }
        if any(told.values()):
            trail.record(JOB, "sharing.due_found", detail=told)
    return told


@shared_task(name="sharing.climb_reviews")
def climb_reviews() -> int:
    """Take each review of a share that is late one step up; the number that climbed."""
    job = System("sharing.climb_reviews")
    with transact(job, route="sharing.climb_reviews"):
        late = list(
            SharingDecision.rows.filter(
                reviewed_at=None, review_by__lte=instant(), climbed__lt=len(late_review.CLIMBS)
            )
            .order_by("review_by", "pk")
            .values_list("pk", flat=True)[:500]
        )
    return one_by_one(job, late, lambda key: late_review.climb(decision_id=key, by=job))


def lead_workers(people: Iterable[UUID]) -> dict[UUID, UUID]:
    """By person: the lead worker now, if there is one."""
    found: dict[UUID, UUID] = {}
    left = iter(set(people))
    # A statement takes so many parameters and no more.
    while some := list(islice(left, AT_ONCE)):
        rows = Involvement.rows.live().filter(
            person_id__in=some, basis=Basis.LEAD, worker__isnull=False
        )
        found |= dict(rows.order_by("starts", "pk").values_list("person_id", "worker_id"))
    return found


def _consents() -> int:
    """Consents that still open something, and that a birthday or a year has made too old."""
    open_lines = ConsentLine.rows.filter(consent=OuterRef("pk"), ended_at=None, until__gt=instant())
    rows = Consent.rows.filter(_may_be_too_old(today()), Exists(open_lines)).values_list(
        "pk", "person_id", "given_at", "person__date_of_birth"
    )
    old: list[tuple[UUID, str]] = []
    for key, person_id, given_at, born in rows.iterator():
        given_on = given_at.astimezone(LONDON).date()
        if reasons := refresh_reasons(given_on=given_on, born=born, today=today()):
            # The reasons are not sent, only counted: each new one is told once.
            old.append((person_id, f"{key}:{len(reasons)}"))
    leads = lead_workers(person_id for person_id, _ in old)
    tellings = [
        notice.Telling(leads[person_id], "/", about)
        for person_id, about in old
        if person_id in leads
    ]
    notice.tell_each("consent_refresh", tellings)
    return len(tellings)


def _may_be_too_old(day: date) -> Q:
    """Consents among which are all that there is a reason to ask for again.

    A week more at each end, so that neither a leap day nor a time zone leaves one out: the
    reasons themselves are worked out one by one.
    """
    week = timedelta(days=7)
    old = Q(given_at__lt=instant() - timedelta(days=365) + week)
    for birthday in BIRTHDAYS:
        latest = turns(day, -birthday) + week
        # Who had that birthday more than a year ago has it before any later consent.
        old |= Q(person__date_of_birth__range=(turns(latest, -1) - 2 * week, latest))
    return old


@shared_task(name="sharing.chase_emergencies")
def chase_emergencies() -> int:
    """Remind who owes an account, escalate reviews that are late; how many of either."""
    job = System("sharing.chase_emergencies")
    with transact(job, route="sharing.chase_emergencies"):
        return break_glass.chase(by=job)


def _agreements() -> int:
    """Agreements that end in 60, 30 or 7 days: both sides’ managers and administrators."""
    soon = instant() + timedelta(days=coverage.WARN[0])
    rows = Agreement.objects.filter(ends__gt=instant(), ends__lte=soon).order_by("ends", "pk")
    told = 0
    for row in coverage.in_force(rows):
        assert row.ends is not None
        days = (row.ends - instant()).days
        step = min(ahead for ahead in coverage.WARN if days <= ahead)
        for party in row.parties.all():
            about = f"{row.pk}:{row.ends:%Y%m%d}:{step}"
            managers = workers(party.agency_id, [Role.MANAGER]).values_list("user_id", flat=True)
            notice.tell(managers, "agreement_ends", path="/", about=about)
            administrators = workers(party.agency_id, [Role.ADMINISTRATOR])
            notice.tell(
                administrators.values_list("user_id", flat=True),
                "agreement_ends",
                path=f"/manage/agreements/{row.pk}/",
                about=about,
            )
        told += 1
    return told


def _protections() -> int:
    """Bars and restrictions overdue for review: they hold, and the reminder climbs."""
    rows: list[Bar | Restriction] = [
        *Bar.rows.live().filter(review_on__lt=today()).order_by("review_on", "pk"),
        *Restriction.rows.live().filter(review_on__lt=today()).order_by("review_on", "pk"),
    ]
    for row in rows:
        agency_id = facts.lead_agency(row.person_id)
        late = (today() - row.review_on).days
        barred = Bar.rows.live().filter(person_id=row.person_id).values("user_id")
        for step, (days, role) in enumerate(PROTECTION_CLIMBS):
            if agency_id is not None and late >= days:
                told = workers(agency_id, [role]).exclude(user_id__in=barred)
                notice.tell(
                    told.values_list("user_id", flat=True),
                    "protection_review",
                    path="/",
                    about=f"{row.pk}:{row.review_on}:{step}",
                )
    return len(rows)


def _rounds() -> int:
    """Routine shares that end within two weeks: time to decide on them again."""
    rows = list(
        SharingDecision.rows.filter(
            kind=DecisionKind.ROUTINE,
            state=DecisionState.APPROVED,
            ended_at=None,
            until__gt=instant(),
            until__lte=instant() + RENEW_WITHIN,
        ).order_by("pk")
    )
    leads = lead_workers(row.person_id for row in rows)
    tellings = [
        notice.Telling(leads[row.person_id], "/", str(row.round_id or row.pk))
        for row in rows
        if row.person_id in leads
    ]
    notice.tell_each("share_review", tellings)
    return len(tellings)


@shared_task(name="sharing.clear_reach")
def clear_reach() -> int:
    """Clear what ended days ago out of the projection behind lists; how many rows."""
    with transact(System("sharing.clear_reach"), route="sharing.clear_reach"):
        return reach.clear()
