"""One person's record as one actor sees it: entries, plan, safety, family, who is involved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from access.actor import Actor, Member, NotVisible
from access.categories import COMPONENTS, LABELS, NONE, Category, in_order, to_bits
from access.reading import Sight, sights
from agencies.models import Agency
from casework.enums import PRINTED_NAMES
from casework.models import (
    Case,
    Goal,
    GoalRating,
    Intervention,
    LifeEvent,
    Plan,
    PlanComponent,
    PlannedIntervention,
    Review,
    SafetyPlan,
    StepDown,
)
from core.clock import LONDON
from people.models import ContactPoint, Identifier, Relative
from sharing import facts
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


def entries(
    actor: Actor, sight: Sight, *, limit: int = 25, before: datetime | None = None
) -> list[Entry]:
    """The newest interventions and events, full, locked, or left out, as the rule says.

    `before` goes further back. A row none of whose categories is visible does not count
    towards the limit, so that the length of a page tells nothing.
    """
    visible = sight.answer.visible
    bits = to_bits(visible)
    interventions = (
        Intervention.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .extra(where=["casework_intervention.categories & %s <> 0"], params=[bits])
        .select_related("kind", "logged_by", "agency")
        .order_by("-at", "-pk")
    )
    events = (
        LifeEvent.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .extra(where=["casework_lifeevent.categories & %s <> 0"], params=[bits])
        .select_related("recorded_by", "agency")
        .order_by("-on", "-pk")
    )
    if before is not None:
        interventions = interventions.filter(at__lt=before)
        events = events.filter(on__lt=before.astimezone(LONDON).date())
    dated: list[tuple[date, Any]] = [
        *((row.at.astimezone(LONDON).date(), row) for row in interventions[:limit]),
        *((row.on, row) for row in events[:limit]),
    ]
    dated.sort(key=lambda pair: (pair[0], pair[1].pk), reverse=True)
    return [_entry(sight, on, row) for on, row in dated[:limit]]


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


def components(actor: Actor, sight: Sight, plan: Plan) -> list[ComponentView]:
    """The eight components of a plan; of those that are hidden, that they are."""
    shown = [component for component in COMPONENTS if sight.shows(component)]
    uses = {
        row.component: row
        for row in PlanComponent.objects.visible_to(actor).filter(plan=plan, component__in=shown)
    }
    ratings: dict[UUID, list[GoalRating]] = {}
    for rating in GoalRating.objects.visible_to(actor).filter(
        goal__plan=plan, goal__component__in=shown
    ):
        ratings.setdefault(rating.goal_id, []).append(rating)
    goals: dict[str, list[GoalView]] = {}
    for goal in (
        Goal.objects.visible_to(actor)
        .filter(plan=plan, component__in=shown)
        .select_related("set_by")
    ):
        goals.setdefault(goal.component, []).append(GoalView(goal, ratings.get(goal.pk, [])))
    planned: dict[str, list[PlannedIntervention]] = {}
    for row in PlannedIntervention.objects.visible_to(actor).filter(plan=plan, component__in=shown):
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


def safety_plan(actor: Actor, sight: Sight) -> SafetyPlan | None:
    """The safety plan, for those who see it."""
    if not sight.shows(Category.SAFETY):
        return None
    found: SafetyPlan | None = (
        SafetyPlan.objects.visible_to(actor)
        .filter(person_id=sight.person_id)
        .select_related("written_by")
        .first()
    )
    return found


def contact_points(actor: Actor, sight: Sight) -> list[ContactPoint]:
    """How to make contact, for those who see it."""
    if not sight.shows(Category.CONTACT):
        return []
    return list(
        ContactPoint.objects.visible_to(actor).filter(person_id=sight.person_id, ended_at=None)
    )


def identifiers(actor: Actor, sight: Sight) -> list[Identifier]:
    """Numbers of other systems, each under its own category."""
    found = Identifier.objects.visible_to(actor).filter(person_id=sight.person_id)
    return [row for row in found if sight.shows(row.category)]


def family(actor: Actor, sight: Sight) -> list[tuple[Relative, bool]]:
    """The family, each with whether their own record may be linked.

    The link shows only if both pointers are visible.
    """
    if not sight.shows(Category.FAMILY):
        return []
    relatives = list(
        Relative.objects.visible_to(actor).filter(person_id=sight.person_id).select_related("other")
    )
    others = sights(actor, {row.other_id for row in relatives if row.other_id})
    return [(row, bool(row.other_id and others[row.other_id].answer.visible)) for row in relatives]


def agencies_involved(actor: Member, sight: Sight) -> list[Agency]:
    """The agencies that the viewer may know: their own, the lead's, and, for those of the
    lead agency who see identity, each with a live involvement.
    """
    lead = facts.lead_agency(sight.person_id)
    known = {agency for agency in (lead, actor.agency_id) if agency}
    if lead == actor.agency_id and sight.shows(Category.IDENTITY):
        known |= facts.involved_agencies(sight.person_id)
    return list(Agency.objects.filter(pk__in=known))


def team(actor: Member, sight: Sight) -> list[Involvement]:
    """Who is on the team or covers, for the lead agency."""
    if facts.lead_agency(sight.person_id) != actor.agency_id or not sight.sees(Category.IDENTITY):
        return []
    return list(
        Involvement.objects.visible_to(actor)
        .filter(person_id=sight.person_id, basis__in=["lead", "cover", "team"], ends=None)
        .select_related("worker", "agency")
        .order_by("starts", "pk")
    )


def step_down_of(actor: Actor, sight: Sight, case: Case) -> StepDown | None:
    """The last step-down of a case, for those who see the components that it moves."""
    found: StepDown | None = (
        StepDown.objects.visible_to(actor)
        .filter(case=case)
        .select_related("service", "proposed_by", "decided_by")
        .first()
    )
    if found is None or not sight.shows(*found.categories):
        return None
    return found


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


def _entry(sight: Sight, on: date, row: Intervention | LifeEvent) -> Entry:
    if sight.shows(*(row.categories or NONE)):
        return Entry(on, row)
    return Entry(on, None)
