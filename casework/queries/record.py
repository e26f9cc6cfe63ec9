"""One person's record as one actor sees it: entries, plan, safety, family, who is involved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from access.actor import Actor, Member, NotVisible
from access.bases import Basis
from access.categories import COMPONENTS, LABELS, NONE, Category, in_order, to_bits
from access.models import VisibleQuerySet
from access.reading import Sight, seen_row, sights
from agencies.models import Agency
from casework.enums import PRINTED_NAMES
from casework.models import (
    Case,
    Goal,
    GoalRating,
    Intervention,
    LeadPeriod,
    LifeEvent,
    Plan,
    PlanComponent,
    PlannedIntervention,
    Review,
    SafetyPlan,
    StepDown,
)
from core import together
from core.clock import LONDON
from core.periods import live
from people.models import ContactPoint, Identifier, Relative
from sharing import showings
from sharing.models import Involvement


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: in full, or locked (its date and nothing else)."""

    on: date
    row: Intervention | LifeEvent | None
    """None: locked."""

    @property
    def locked(self) -> bool:
        """Whether only the date may be shown."""
        return self.row is None

    @property
    def is_event(self) -> bool:
        """Whether it is an event rather than an intervention."""
        return isinstance(self.row, LifeEvent)

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        if isinstance(self.row, Intervention):
            return self.row.kind.name
        if isinstance(self.row, LifeEvent):
            return self.row.get_kind_display()
        return "Locked entry"

    @property
    def categories(self) -> list[Category]:
        """The categories to which it belongs; none for a locked one."""
        return in_order(self.row.categories) if self.row else []

    @property
    def labels(self) -> list[str]:
        """What those are called."""
        return [LABELS[category] for category in self.categories]


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with the young person's own ratings of it."""

    goal: Goal
    ratings: Sequence[GoalRating]

    @property
    def first(self) -> GoalRating | None:
        """The rating at the start."""
        return self.ratings[0] if self.ratings else None

    @property
    def latest(self) -> GoalRating | None:
        """The last rating."""
        return self.ratings[-1] if self.ratings else None


@dataclass(frozen=True, slots=True)
class ComponentView:
    """One component of the plan; `visible` false shows nothing but that it is not shared."""

    category: Category
    visible: bool
    writable: bool
    in_use: bool = False
    own_name: str = ""
    goals: Sequence[GoalView] = ()
    planned: Sequence[PlannedIntervention] = ()

    @property
    def label(self) -> str:
        """What staff call it."""
        return LABELS[self.category]

    @property
    def printed_name(self) -> str:
        """What it is called to the young person."""
        return self.own_name or PRINTED_NAMES[self.category]

    @property
    def level(self) -> float | None:
        """The mean of the last ratings of its goals; none without any."""
        latest = [view.latest.rating for view in self.goals if view.latest]
        return sum(latest) / len(latest) if latest else None

    @property
    def level_before(self) -> float | None:
        """The mean of their first ratings."""
        first = [view.first.rating for view in self.goals if view.first]
        return sum(first) / len(first) if first else None


@dataclass(frozen=True)
class Asked:
    """What a page asks about one person, each a query of its own; `fetch` answers them at once."""

    cases: VisibleQuerySet
    leads: VisibleQuerySet
    plans: VisibleQuerySet
    components: VisibleQuerySet
    goals: VisibleQuerySet
    ratings: VisibleQuerySet
    planned: VisibleQuerySet
    safety: VisibleQuerySet
    contacts: VisibleQuerySet
    identifiers: VisibleQuerySet
    relatives: VisibleQuerySet
    interventions: VisibleQuerySet
    events: VisibleQuerySet
    involvements: VisibleQuerySet
    step_downs: VisibleQuerySet
    address: VisibleQuerySet

    def fetch(self) -> Asked:
        """Have all of them answered in one statement."""
        together.fetch(*vars(self).values())
        return self


def asked(actor: Member, sight: Sight, *, entries: int) -> Asked:
    """The queries of a whole record, with the newest so many entries of it."""
    seen = {sight.person_id: sight}
    interventions, events = _dated(sight)
    return Asked(
        cases=Case.objects.of(seen, Category.POINTER)
        .select_related("agency")
        .order_by("opened_at", "pk"),
        leads=LeadPeriod.objects.of(seen, Category.POINTER)
        .filter(ends=None)
        .select_related("worker", "agency"),
        plans=Plan.objects.of(seen, Category.POINTER),
        **_parts_of_plans(sight),
        safety=_safety(sight),
        contacts=_contacts(sight),
        identifiers=_identifiers(sight),
        relatives=_relatives(sight),
        interventions=interventions[:entries],
        events=events[:entries],
        involvements=_involvements(actor, sight),
        step_downs=StepDown.objects.of(seen, Category.POINTER).select_related(
            "service", "proposed_by", "decided_by"
        ),
        address=showings.carrying(actor, sight),
    )


def entries(
    actor: Actor, sight: Sight, *, limit: int = 25, found: Asked | None = None
) -> list[Entry]:
    """The newest interventions and events, full, locked, or left out, as the rule says.

    A row none of whose categories is visible does not count towards the limit, so that the
    length of a page tells nothing.
    """
    if found is not None:
        rows = _merged(found.interventions, found.events)
    else:
        rows = _merged(*(query[:limit] for query in _dated(sight)))
    return [_entry(sight, row) for row in rows[:limit]]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries of a history, the newest first, and whether there are others beside them."""

    entries: Sequence[Entry]
    places: tuple[UUID, UUID] | None
    """Keys of the first and the last of them; none on an empty page."""
    later: bool
    earlier: bool


def entry_page(
    actor: Actor, sight: Sight, *, limit: int, place: UUID | None = None, back: bool = False
) -> EntryPage:
    """A page of the history: the newest, or those before the entry at this place.

    `back`: those after it. An entry that the actor does not see is no place, like none at
    all: then it is the newest.
    """
    at = _at_place(sight, place) if place is not None else None
    back = back and at is not None
    rows = _merged(*(query[: limit + 1] for query in _dated(sight, at, later=back)), back=back)
    shown, more = rows[:limit], len(rows) > limit
    if back:
        shown.reverse()
    return EntryPage(
        [_entry(sight, row) for row in shown],
        (shown[0].pk, shown[-1].pk) if shown else None,
        later=bool(shown) and (more if back else at is not None),
        earlier=bool(shown) and (back or more),
    )


def _day(row: Intervention | LifeEvent) -> date:
    return row.on if isinstance(row, LifeEvent) else row.at.astimezone(LONDON).date()


def _order(row: Intervention | LifeEvent) -> tuple[Any, ...]:
    """Where a row stands: an event, whose hour nobody knows, after the contacts of its day."""
    if isinstance(row, LifeEvent):
        return row.on, 1, row.pk
    return _day(row), 0, row.at, row.pk


def _merged(
    interventions: VisibleQuerySet, events: VisibleQuerySet, *, back: bool = False
) -> list[Any]:
    """Both in one order, the newest first, or with `back` the oldest."""
    together.fetch(interventions, events)
    return sorted([*interventions, *events], key=_order, reverse=not back)


def _at_place(sight: Sight, place: UUID) -> Intervention | LifeEvent | None:
    """The entry with this key, full or locked; none when the actor sees nothing of it."""
    rows = _merged(*(query.filter(pk=place) for query in _dated(sight)))
    return rows[0] if rows else None


def _dated(
    sight: Sight, at: Intervention | LifeEvent | None = None, *, later: bool = False
) -> tuple[VisibleQuerySet, VisibleQuerySet]:
    """Interventions and events of which at least one category is visible, the newest first.

    `at`: only those before this entry; with `later` only those after it, the oldest first.
    """
    seen, bits = {sight.person_id: sight}, to_bits(sight.answer.visible)
    interventions = (
        Intervention.objects.of(seen, Category.POINTER)
        .extra(where=["casework_intervention.categories & %s <> 0"], params=[bits])
        .select_related("kind", "logged_by", "agency")
        .order_by(*(("at", "pk") if later else ("-at", "-pk")))
    )
    events = (
        LifeEvent.objects.of(seen, Category.POINTER)
        .extra(where=["casework_lifeevent.categories & %s <> 0"], params=[bits])
        .select_related("recorded_by", "agency")
        .order_by(*(("on", "pk") if later else ("-on", "-pk")))
    )
    if at is not None:
        # Of those of the same day, events come after contacts: see `_order`.
        if isinstance(at, LifeEvent):
            midnight = datetime.combine(at.on + timedelta(days=1), time.min, tzinfo=LONDON)
            events = events.filter(_beyond("on", at.on, at.pk, later))
            interventions = interventions.filter(**{"at__gte" if later else "at__lt": midnight})
        else:
            interventions = interventions.filter(_beyond("at", at.at, at.pk, later))
            events = events.filter(**{"on__gte" if later else "on__lt": _day(at)})
    return interventions, events


def _beyond(name: str, value: Any, key: UUID, later: bool) -> Q:
    """What comes after a row in one order of a column and the key: equal ones go by the key."""
    way = "gt" if later else "lt"
    return Q(**{f"{name}__{way}e": value}) & (
        Q(**{f"{name}__{way}": value}) | Q(**{f"pk__{way}": key})
    )


def load_intervention(actor: Actor, key: UUID) -> tuple[Intervention, Sight]:
    """An intervention that the actor sees in full. Raises NotVisible otherwise."""
    row = (
        Intervention.objects.visible_to(actor)
        .filter(pk=key)
        .select_related("person", "kind", "logged_by", "agency")
        .first()
    )
    if row is None:
        raise NotVisible
    seen = sights(actor, [row.person_id])[row.person_id]
    if not seen.shows(*row.categories):
        raise NotVisible
    return row, seen


def plan_of(actor: Actor, case: Case) -> Plan | None:
    """The plan of a case."""
    found: Plan | None = Plan.objects.visible_to(actor).filter(case=case).first()
    return found


def components(
    actor: Actor, sight: Sight, plan: Plan, found: Asked | None = None
) -> list[ComponentView]:
    """The eight components of a plan; of those that are hidden, that they are."""
    shown = [component for component in COMPONENTS if sight.shows(component)]
    if found is not None:
        parts = {name: getattr(found, name) for name in _PARTS}
    else:
        parts = _parts_of_plans(sight)
        together.fetch(*parts.values())
    uses = {row.component: row for row in parts["components"] if row.plan_id == plan.pk}
    ratings: dict[UUID, list[GoalRating]] = {}
    for rating in parts["ratings"]:
        ratings.setdefault(rating.goal_id, []).append(rating)
    goals: dict[str, list[GoalView]] = {}
    for goal in parts["goals"]:
        if goal.plan_id == plan.pk:
            goals.setdefault(goal.component, []).append(GoalView(goal, ratings.get(goal.pk, [])))
    planned: dict[str, list[PlannedIntervention]] = {}
    for row in parts["planned"]:
        if row.plan_id == plan.pk:
            planned.setdefault(row.component, []).append(row)
    return [
        ComponentView(
            category=component,
            visible=component in shown,
            writable=sight.may_write(component),
            in_use=component in uses and uses[component].in_use,
            own_name=uses[component].own_name if component in uses else "",
            goals=goals.get(component, []),
            planned=planned.get(component, []),
        )
        for component in COMPONENTS
    ]


_PARTS = ("components", "goals", "ratings", "planned")


def _parts_of_plans(sight: Sight) -> dict[str, VisibleQuerySet]:
    """What is in the components that are visible, of all plans of the person."""
    seen = {sight.person_id: sight}
    shown = [component for component in COMPONENTS if sight.sees(component)]
    return {
        "components": PlanComponent.objects.of(seen, Category.POINTER).filter(component__in=shown),
        "goals": Goal.objects.of(seen, Category.POINTER)
        .filter(component__in=shown)
        .select_related("set_by"),
        "ratings": GoalRating.objects.of(seen, Category.POINTER).filter(goal__component__in=shown),
        "planned": PlannedIntervention.objects.of(seen, Category.POINTER).filter(
            component__in=shown
        ),
    }


def load_goal(actor: Actor, key: UUID) -> tuple[Goal, Sight]:
    """A goal that the actor sees. Raises NotVisible for any other and none alike."""
    goal = Goal.objects.visible_to(actor).filter(pk=key).select_related("person", "plan").first()
    if goal is None:
        raise NotVisible
    seen = sights(actor, [goal.person_id])[goal.person_id]
    if not seen.shows(goal.category):
        raise NotVisible
    return goal, seen


def reviews(actor: Actor, sight: Sight, plan: Plan) -> list[Review]:
    """The reviews of a plan, the newest first."""
    if not sight.shows(Category.IDENTITY):
        return []
    return list(Review.objects.visible_to(actor).filter(plan=plan).select_related("held_by"))


def safety_plan(actor: Actor, sight: Sight, found: Asked | None = None) -> SafetyPlan | None:
    """The safety plan, for those who see it."""
    if not sight.shows(Category.SAFETY):
        return None
    return next(iter(found.safety if found is not None else _safety(sight)), None)


def _safety(sight: Sight) -> VisibleQuerySet:
    return SafetyPlan.objects.of({sight.person_id: sight}, Category.SAFETY).select_related(
        "written_by"
    )


def contact_points(actor: Actor, sight: Sight, found: Asked | None = None) -> list[ContactPoint]:
    """How to make contact now, for those who see it."""
    return [row for row in _all_contacts(sight, found) if row.ended_at is None]


def earlier_contact_points(sight: Sight, found: Asked | None = None) -> list[ContactPoint]:
    """What is no longer in use, for those who see how to make contact; the last ended first."""
    over = [row for row in _all_contacts(sight, found) if row.ended_at is not None]
    return sorted(over, key=lambda row: (row.ended_at, row.pk), reverse=True)


def load_contact_point(actor: Actor, key: UUID) -> tuple[ContactPoint, Sight]:
    """A way to make contact that the actor sees. Raises NotVisible for any other, none alike."""
    row, seen = seen_row(
        actor, ContactPoint, key, "person", categories=lambda _: [Category.CONTACT]
    )
    return row, seen


def _all_contacts(sight: Sight, found: Asked | None) -> list[ContactPoint]:
    if not sight.shows(Category.CONTACT):
        return []
    return list(found.contacts if found is not None else _contacts(sight))


def _contacts(sight: Sight) -> VisibleQuerySet:
    """Those that have ended too: they stand on the same page, further down."""
    return ContactPoint.objects.of({sight.person_id: sight}, Category.CONTACT)


def identifiers(actor: Actor, sight: Sight, found: Asked | None = None) -> list[Identifier]:
    """Numbers of other systems, each under its own category."""
    rows = found.identifiers if found is not None else _identifiers(sight)
    return [row for row in rows if sight.shows(row.category)]


def _identifiers(sight: Sight) -> VisibleQuerySet:
    return Identifier.objects.of({sight.person_id: sight}, Category.POINTER)


def family(actor: Actor, sight: Sight, found: Asked | None = None) -> list[tuple[Relative, bool]]:
    """The family, each with whether their own record may be linked.

    The link shows only if both pointers are visible.
    """
    relatives = [row for row in _all_relatives(sight, found) if row.ended_at is None]
    linked = {row.other_id for row in relatives if row.other_id}
    others = sights(actor, linked) if linked else {}
    return [(row, bool(row.other_id and others[row.other_id].answer.visible)) for row in relatives]


def earlier_family(sight: Sight, found: Asked | None = None) -> list[Relative]:
    """Who is no longer family, for those who see it; the last ended first."""
    over = [row for row in _all_relatives(sight, found) if row.ended_at is not None]
    return sorted(over, key=lambda row: (row.ended_at, row.pk), reverse=True)


def load_relative(actor: Actor, key: UUID) -> tuple[Relative, Sight]:
    """Somebody in a family that the actor sees. Raises NotVisible for any other, none alike."""
    row, seen = seen_row(actor, Relative, key, "person", categories=lambda _: [Category.FAMILY])
    return row, seen


def _all_relatives(sight: Sight, found: Asked | None) -> list[Relative]:
    if not sight.shows(Category.FAMILY):
        return []
    return list(found.relatives if found is not None else _relatives(sight))


def _relatives(sight: Sight) -> VisibleQuerySet:
    return Relative.objects.of({sight.person_id: sight}, Category.FAMILY).select_related("other")


def agencies_involved(actor: Member, sight: Sight, found: Asked | None = None) -> list[Agency]:
    """The agencies that the viewer may know: their own, the lead's, and, for those of the
    lead agency who see identity, each with a live involvement.
    """
    lead = sight.lead_agency
    known = {agency for agency in (lead, actor.agency_id) if agency}
    if lead == actor.agency_id and sight.shows(Category.IDENTITY):
        rows = found.involvements if found is not None else _involvements(actor, sight)
        known |= {row.agency_id for row in rows}
    return list(Agency.objects.filter(pk__in=known))


def team(
    actor: Member, sight: Sight, found: Asked | None = None, *, addresses: bool = False
) -> list[Involvement]:
    """Who leads, covers or is on the team now, for the lead agency.

    With `addresses` also who is there for a safe address alone: that there is one, is said
    to nobody else.
    """
    rows = found.involvements if found is not None else _involvements(actor, sight)
    return [
        row
        for row in rows
        if row.basis in {Basis.LEAD, Basis.COVER, Basis.TEAM}
        and (addresses or row.categories != {Category.SAFE_ADDRESS})
    ]


def _involvements(actor: Member, sight: Sight) -> VisibleQuerySet:
    """Everybody's that are live, for those of the lead agency who see identity."""
    seen = {sight.person_id: sight} if sight.lead_agency == actor.agency_id else {}
    return (
        Involvement.objects.of(seen, Category.IDENTITY)
        .filter(live())
        .select_related("worker", "agency")
        .order_by("starts", "pk")
    )


def step_down_of(
    actor: Actor, sight: Sight, case: Case, found: Asked | None = None
) -> StepDown | None:
    """The last step-down of a case, for those who see the components that it moves."""
    rows = (
        found.step_downs
        if found is not None
        else StepDown.objects.of({sight.person_id: sight}, Category.POINTER).select_related(
            "service", "proposed_by", "decided_by"
        )
    )
    last = next((row for row in rows if row.case_id == case.pk), None)
    if last is None or not sight.shows(*last.categories):
        return None
    return last


def recent_places(actor: Member, sight: Sight) -> list[str]:
    """Where the actor last met this person, for the form's suggestions.

    A place is as hidden as the rest of its entry, also from who once wrote it down.
    """
    found = (
        Intervention.objects.visible_to(actor)
        .filter(person_id=sight.person_id, logged_by_id=actor.user_id)
        .exclude(place="")
        .order_by("-at")[:20]
    )
    places: dict[str, None] = {}
    for row in found:
        if len(places) < 4 and sight.shows(*row.categories):
            places.setdefault(row.place)
    return list(places)


def _entry(sight: Sight, row: Intervention | LifeEvent) -> Entry:
    return Entry(_day(row), row if sight.shows(*(row.categories or NONE)) else None)
