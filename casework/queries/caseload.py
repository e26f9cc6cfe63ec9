"""Cases: whose, in which state, with the last and the next contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count

from access.actor import Actor, Member, NotVisible
from access.categories import Category
from access.models import VisibleQuerySet
from access.reading import Sight, sight, sights
from agencies.models import User
from agencies.queries import workers
from casework.enums import CaseState, StepDownState
from casework.models import Case, FollowUp, LeadPeriod, StepDown
from casework.workflow import FOLLOWED_UP
from core import together
from core.clock import instant, today
from core.ids import tidy_reference
from people.models import YoungPerson


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of people: what of them this actor may see in a list."""

    person: YoungPerson
    sight: Sight
    case: Case | None
    lead: LeadPeriod | None

    @property
    def last_contact_at(self) -> datetime | None:
        """The last contact, for those who see how to make contact; notes that it is shown."""
        if self.case is None or self.case.last_contact_at is None:
            return None
        return self.case.last_contact_at if self.sight.shows(Category.CONTACT) else None

    @property
    def next_contact_on(self) -> date | None:
        """The next contact that is planned, for the same people."""
        if self.case is None or self.case.next_contact_on is None:
            return None
        return self.case.next_contact_on if self.sight.shows(Category.CONTACT) else None


def cases(actor: Actor) -> VisibleQuerySet:
    """The cases of people of whom the actor sees anything."""
    return Case.objects.visible_to(actor).select_related("person", "agency")


def open_cases(actor: Actor) -> VisibleQuerySet:
    """Those that go on."""
    return cases(actor).exclude(state=CaseState.CLOSED)


def led_by(actor: Member) -> VisibleQuerySet:
    """The cases that the actor leads now, the longest without contact first."""
    return (
        open_cases(actor)
        .filter(lead_periods__worker_id=actor.user_id, lead_periods__ends=None)
        .order_by("last_contact_at", "opened_at", "pk")
    )


def without_lead(actor: Member) -> VisibleQuerySet:
    """The actor's agency's cases that wait for a lead worker, the oldest first."""
    return (
        cases(actor)
        .filter(state=CaseState.OPENING, agency_id=actor.agency_id)
        .order_by("opened_at", "pk")
    )


def load(actor: Actor, reference: str) -> tuple[Case, Sight]:
    """A case by its reference, with what the actor sees of the person.

    Raises NotVisible for one that is hidden and one that is not there alike.
    """
    if "\0" in reference:
        raise NotVisible
    case = cases(actor).filter(reference=tidy_reference(reference)).first()
    if case is None:
        raise NotVisible
    return case, sight(actor, case.person_id)


def rows(
    actor: Member,
    people: Iterable[YoungPerson],
    seen: Mapping[UUID, Sight] | None = None,
    cases: Mapping[UUID, Case] | None = None,
    leads: Iterable[LeadPeriod] | None = None,
) -> list[Row]:
    """These people as lines of a list, with their latest case and lead worker.

    One statement, however many people. `seen`, `cases` and `leads`: their sights, the case
    to show of each and who leads, where the caller has them already.
    """
    listed = list(people)
    keys = [person.pk for person in listed]
    seen = sights(actor, keys) if seen is None else {key: seen[key] for key in keys}
    if cases is None or leads is None:
        found, leads = _cases(seen), _leads(seen)
        together.fetch(found, leads)
        cases = {case.person_id: case for case in found}
    lead_of = {lead.person_id: lead for lead in leads}
    return [
        Row(person, seen[person.pk], cases.get(person.pk), lead_of.get(person.pk))
        for person in listed
    ]


def _cases(seen: Mapping[UUID, Sight]) -> VisibleQuerySet:
    """The cases of these people, of each the latest last."""
    rows = Case.objects.of(seen, Category.POINTER).select_related("agency")
    return rows.order_by("opened_at", "pk")


def _leads(seen: Mapping[UUID, Sight]) -> VisibleQuerySet:
    rows = LeadPeriod.objects.of(seen, Category.POINTER).filter(ends=None)
    return rows.select_related("worker", "agency")


def current_lead(actor: Actor, person_id: UUID) -> LeadPeriod | None:
    """Who leads now."""
    found: LeadPeriod | None = (
        LeadPeriod.objects.visible_to(actor)
        .filter(person_id=person_id, ends=None)
        .select_related("worker", "agency")
        .first()
    )
    return found


def quiet(actor: Member, days: int = 28, *, limit: int = 50) -> list[Case]:
    """The actor's agency's led cases with no contact for this many days.

    The longest silence first, then those without any contact since they were opened.
    """
    before = instant() - timedelta(days=days)
    led = (
        cases(actor)
        .filter(agency_id=actor.agency_id)
        .exclude(state__in=(CaseState.CLOSED, CaseState.OPENING))
        .order_by("last_contact_at", "pk")
    )
    # Two questions: either half of an OR has a range of the index to itself, both have none.
    found = list(led.filter(last_contact_at__lt=before)[:limit])
    never = led.filter(last_contact_at=None, opened_at__lt=before)[: limit - len(found)]
    return found + list(never)


def step_downs_waiting(actor: Member) -> VisibleQuerySet:
    """Step-downs of the actor's agency that wait for a manager."""
    return (
        StepDown.objects.visible_to(actor)
        .filter(state=StepDownState.PROPOSED, case__agency_id=actor.agency_id)
        .select_related("person", "case", "proposed_by")
        .order_by("proposed_at", "pk")
    )


def follow_ups_due(actor: Member, within: timedelta = timedelta(days=7)) -> VisibleQuerySet:
    """The actor's follow-ups that are due, or will be within a week."""
    return (
        FollowUp.objects.visible_to(actor)
        .filter(owner_id=actor.user_id, done_at=None, due_on__lte=today() + within)
        .filter(case__state__in=FOLLOWED_UP)
        .select_related("person", "case")
        .order_by("due_on", "pk")
    )


def workload(
    actor: Member, *, limit: int = 50, first: int = 0
) -> tuple[list[tuple[User, int]], bool]:
    """How many cases the workers of the actor's agency lead, the busiest first.

    Of `limit` workers, by name, after the `first` so many; and whether there are more. Counted
    over the cases that the actor sees, so that the sums tell nothing hidden.
    """
    hats = list(workers(actor.agency_id)[first : first + limit + 1])
    cases_of = led(actor, [hat.user_id for hat in hats[:limit]])
    counted = [(hat.user, cases_of.get(hat.user_id, 0)) for hat in hats[:limit]]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0].name)), len(hats) > limit


def led(actor: Member, users: Iterable[UUID]) -> dict[UUID, int]:
    """How many of the cases that the actor sees each of these leads at the actor's agency.

    Without those who lead none.
    """
    periods = (
        LeadPeriod.objects.visible_to(actor)
        .filter(ends=None, worker_id__in=list(users), agency_id=actor.agency_id)
        .order_by()
    )
    return dict(periods.values("worker").annotate(n=Count("pk")).values_list("worker", "n"))
