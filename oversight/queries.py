"""Narrowing the registers. What is narrowed has been cut to the auditor's reach before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import BitOr
from django.db.models import Count, Max, Q, QuerySet

from access.actor import Actor, Member, NotVisible
from agencies.models import Membership, User
from audit.models import AccessRecord, Event
from core.clock import LONDON, instant, today
from oversight import paging, rules, scope
from oversight.entries import Entries
from oversight.enums import CauseState, FindingState
from oversight.models import CauseReview, Finding, ReadingAlert
from sharing.enums import DecisionState
from sharing.models import Agreement, AgreementParty, AgreementSuspension

Asked = Mapping[str, Any]

LATE = timedelta(hours=24)
"""A decision that has waited for its second person for longer is late."""

_MOST_SUMMED = 200
_FEW_USERS = 20
"""So many users are looked up by what they did, all of it; of more, some is found soon."""


def consents(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The register of consents."""
    found = _narrowed(actor, scope.consents(actor), asked, "given_at", "recorded_by")
    lines = scope.all_lines()
    if agency := asked.get("agency"):
        found = found.filter(pk__in=lines.filter(agency_id=agency).values("consent_id"))
    if giver := asked.get("basis"):
        found = found.filter(giver=giver)
    now = instant()
    live = lines.filter(ended_at=None, until__gt=now).values("consent_id")
    match asked.get("kind"):
        case "withdrawn":
            found = found.exclude(withdrawn_at=None)
        case "live":
            found = found.filter(withdrawn_at=None, pk__in=live)
        case "over":
            found = found.exclude(pk__in=live)
    return found.select_related("recorded_by")


def decisions(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The register of sharing decisions, those not to share included."""
    found = scope.decisions(actor)
    if user := asked.get("user"):
        users = _users(user).values("pk")
        found = found.filter(Q(proposed_by__in=users) | Q(decided_by__in=users))
    found = _narrowed(actor, found, {**asked, "user": ""}, "proposed_at", "proposed_by")
    for name, lookup in (
        ("agency", "agency_id"),
        ("basis", "lawful_basis__code"),
        ("sort", "kind"),
    ):
        if value := asked.get(name):
            found = found.filter(**{lookup: value})
    if asked.get("kind") == "late":
        found = late(found)
    elif state := asked.get("kind"):
        found = found.filter(state=state)
    return found.select_related("agency", "worker", "lawful_basis", "proposed_by", "decided_by")


def late(decisions: QuerySet[Any]) -> QuerySet[Any]:
    """Those that have waited for a second person for more than a day."""
    return decisions.filter(state=DecisionState.PROPOSED, proposed_at__lt=instant() - LATE)


def reads(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The register of who looked."""
    rest = {**asked, "person": ""}
    found = _narrowed(actor, _trail(actor, AccessRecord, asked), rest, "at", "user_id")
    if agency := asked.get("agency"):
        found = found.filter(agency_id=agency)
    return found


def events(actor: Actor, asked: Asked) -> QuerySet[Event]:
    """The register of everything that was done."""
    rest = {**asked, "person": ""}
    found = _narrowed(actor, _trail(actor, Event, asked), rest, "at", "user_id")
    for name, lookup in (
        ("agency", "agency_id"),
        ("kind", "verb"),
        ("basis", "detail__basis"),
    ):
        if value := asked.get(name):
            found = found.filter(**{lookup: value})
    return found


def agreements(actor: Actor, asked: Asked) -> QuerySet[Agreement]:
    """The register of agreements to which the auditor's agency is a party."""
    mine = scope.reach(actor).agency_id
    now = instant()
    found = Agreement.objects.filter(pk__in=_with_party(mine))
    if agency := asked.get("agency"):
        found = found.filter(pk__in=_with_party(agency))
    if since := asked.get("since"):
        found = found.filter(starts__gte=_midnight(since))
    if until := asked.get("until"):
        found = found.filter(starts__lt=_midnight(until + timedelta(days=1)))
    suspended = AgreementSuspension.objects.live(now).order_by().values("agreement")
    live = found.live(now).exclude(confirmed_at=None).exclude(pk__in=suspended)
    match asked.get("kind"):
        case "live":
            found = live
        case "soon":
            found = live.filter(ends__lte=now + rules.AGREEMENT_SOON)
        case "over":
            found = found.filter(ends__lte=now)
        case "suspended":
            found = found.filter(pk__in=suspended)
        case "waiting":
            found = found.filter(confirmed_at=None)
    return found.prefetch_related("parties__agency", "suspensions")


def waiting_alerts(actor: Member) -> QuerySet[ReadingAlert]:
    """Alerts of the auditor's agency that nobody has answered, but about their own reading."""
    found = ReadingAlert.objects.filter(agency_id=actor.agency_id, answered_at=None)
    return found.exclude(user_id=actor.user_id)


def overdue_findings(actor: Member) -> QuerySet[Finding]:
    """Findings that are not closed although their day has passed: to auditors alone."""
    return (
        scope.findings_to_review(actor)
        .filter(due_on__lt=today())
        .exclude(state=FindingState.CLOSED)
    )


def waiting_causes(actor: Member) -> QuerySet[CauseReview]:
    """Looks for cause that this auditor may be the second person for."""
    return scope.causes(actor).filter(state=CauseState.ASKED).exclude(asked_by_id=actor.user_id)


def _with_party(agency_id: Any) -> QuerySet[Any]:
    return AgreementParty.objects.filter(agency_id=agency_id).order_by().values("agreement")


def break_glass(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The register of emergency access."""
    found = _narrowed(actor, scope.break_glass(actor), asked, "starts", "worker")
    if agency := asked.get("agency"):
        found = found.filter(agency_id=agency)
    return found


def viewed(actor: Actor, since: datetime, **only: UUID) -> QuerySet[Any, dict[str, Any]]:
    """Reads summed up, of one user by person, or of one person by user; most read first."""
    found = scope.reads(actor)
    group = ("person_id",) if "user_id" in only else ("user_id", "agency_id", "role")
    if person_id := only.get("person_id"):
        found = scope.about(actor, AccessRecord, person_id)
        within = [Q(at__range=span) for span in scope.periods(actor, person_id)]
        found = found.filter(reduce(or_, within, Q(pk__in=[])))
    return (
        found.order_by()
        .filter(at__gte=since, **only)
        .values(*group)
        .annotate(
            times=Count("pk"),
            last=Max("at"),
            shown=BitOr("categories"),
            meetings=Count("pk", filter=~Q(meeting_id=None)),
        )
        .order_by("-times", "-last")[:_MOST_SUMMED]
    )


def last_look(actor: Actor) -> datetime:
    """When this auditor last marked the new entries as looked at; a week ago if never."""
    assert isinstance(actor, Member)
    found = (
        Event.objects.filter(
            user_id=actor.user_id, membership_id=actor.membership_id, verb="oversight.looked"
        )
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    return found or instant() - timedelta(days=7)


def exports(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The register of what left as a file: the reads by which it was made."""
    return reads(actor, asked).filter(route__in=list(rules.EXPORTS))


def matching(actor: Actor, asked: Asked) -> QuerySet[Event]:
    """The register of matching requests: facts stated to find somebody who is not seen."""
    return events(actor, asked).filter(verb__in=rules.MATCHING)


REGISTERS: dict[str, Callable[[Actor, Asked], QuerySet[Any]]] = {
    "consents": consents,
    "decisions": decisions,
    "reads": reads,
    "events": events,
    "agreements": agreements,
    "break_glass": break_glass,
    "exports": exports,
    "matching": matching,
}


_TRAILS: dict[str, type[AccessRecord] | type[Event]] = {"reads": AccessRecord, "events": Event}
_OF_TRAILS = {*_TRAILS, "exports", "matching"}


def sources(register: str, actor: Actor, asked: Asked) -> Sequence[paging.Rows]:
    """From what the pages of a register are taken.

    A whole trail is read by its place for an agency that has not so many people that most
    entries are about them; that of a few users through what they did, and that of one person
    period by period, whatever the agency.
    """
    if asked.get("person") and register in _OF_TRAILS:
        person_id = scope.find_person(actor, asked["person"])
        found = REGISTERS[register](actor, asked)
        return _by_period(actor, found, person_id) if person_id is not None else [found.none()]
    trail, broad = _TRAILS.get(register), scope.reach(actor).broad
    narrowed = {name for name, value in asked.items() if value} - {"since", "until"}
    users = _few(asked["user"]) if "user" in narrowed else None
    by_place = not broad if "user" not in narrowed else users is not None
    if trail is None or narrowed - {"user"} or not by_place:
        return [REGISTERS[register](actor, asked)]
    since, until = asked.get("since"), asked.get("until")
    return _of_trail(
        actor,
        trail,
        users=users,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def of_person(actor: Actor, person_id: UUID) -> dict[str, Sequence[paging.Rows]]:
    """By kind, from what the pages of one person's trail are taken."""
    return {
        name: _by_period(actor, scope.about(actor, trail, person_id), person_id)
        for name, trail in _TRAILS.items()
    }


def _by_period(actor: Actor, found: QuerySet[Any], person_id: UUID) -> Sequence[paging.Rows]:
    """The same entries of one person, of each of the agency's periods apart.

    Of a partner whose period was long ago all that has happened since would be asked about first.
    """
    return [found.filter(at__range=span) for span in scope.periods(actor, person_id)]


def of_user(actor: Actor, user_id: UUID) -> dict[str, Sequence[paging.Rows]]:
    """By kind, from what the pages of one user's trail are taken."""
    return {name: _of_trail(actor, trail, users=[user_id]) for name, trail in _TRAILS.items()}


def _of_trail(
    actor: Actor,
    trail: type[AccessRecord] | type[Event],
    *,
    users: Sequence[UUID] | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[paging.Rows]:
    of = tuple(users) if users is not None else None
    mine = scope.reach(actor)
    entries = Entries(trail, mine, since, until, of)
    if trail is not Event:
        return [entries]
    if of is not None:
        # All that they did is not so much.
        return [entries, _between(scope.own_business(actor) & Q(user_id__in=of), since, until)]
    return [
        entries,
        replace(entries, accounts=True),
        *(_between(own, since, until) for own in mine.own_business()),
    ]


def _between(own: Q, since: datetime | None, until: datetime | None) -> QuerySet[Event]:
    found = Event.objects.filter(own)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found


def user(actor: Actor, user_id: UUID) -> User:
    """A user whose trail the auditor may read: of their agency, or in an entry they may see.

    Raises NotVisible alike for anybody else and nobody.
    """
    found = User.objects.filter(pk=user_id).first()
    if found is None or not isinstance(actor, Member):
        raise NotVisible
    works_here = Membership.objects.filter(user=found, agency_id=actor.agency_id).exists()
    if not works_here and not any(
        paging.page(sources, {}, size=1).rows for sources in of_user(actor, user_id).values()
    ):
        raise NotVisible
    return found


def _narrowed(
    actor: Actor, found: QuerySet[Any], asked: Asked, moment: str, who: str
) -> QuerySet[Any]:
    """Narrow by person, user and days: what all registers have."""
    if reference := asked.get("person"):
        person = scope.find_person(actor, reference)
        # A hidden person and none at all: the same empty page.
        found = found.filter(person_id=person) if person else found.none()
    if user := asked.get("user"):
        found = found.filter(**{f"{who}__in": _users(user).values("pk")})
    if since := asked.get("since"):
        found = found.filter(**{f"{moment}__gte": _midnight(since)})
    if until := asked.get("until"):
        found = found.filter(**{f"{moment}__lt": _midnight(until + timedelta(days=1))})
    return found


def _trail(actor: Actor, trail: type[AccessRecord] | type[Event], asked: Asked) -> QuerySet[Any]:
    """The entries of a trail from which a register begins: those of one person, or all."""
    if reference := asked.get("person"):
        person_id = scope.find_person(actor, reference)
        return scope.about(actor, trail, person_id) if person_id else trail.objects.none()
    return scope.reads(actor) if trail is AccessRecord else scope.events(actor)


def _users(words: str) -> QuerySet[User]:
    """The users whom a name or a user name means: with a common one, thousands."""
    return User.objects.filter(Q(name__icontains=words) | Q(username__iexact=words)).order_by()


def _few(words: str) -> list[UUID] | None:
    """These users, if they are few."""
    found = list(_users(words).values_list("pk", flat=True)[: _FEW_USERS + 1])
    return found if len(found) <= _FEW_USERS else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
