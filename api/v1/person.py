"""A person as somebody sees them: one object for each visible category, hidden ones absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from access.actor import Member
from access.categories import COMPONENTS, Category
from access.reading import Sight, sights
from api import names
from api.v1.knowledge import knows_all, lead_agencies
from casework.enums import CaseState
from casework.models import Case, Goal, LeadPeriod, PlanComponent, PlannedIntervention, SafetyPlan
from core.periods import live
from people.enums import IdentifierScheme
from people.models import ContactPoint, Identifier, Relative, YoungPerson
from sharing.models import Involvement
from tasking.models import Task

Rows = dict[UUID, list[Any]]


def people(
    member: Member, found: Sequence[YoungPerson], seen: dict[UUID, Sight] | None = None
) -> list[dict[str, Any]]:
    """Each of these people as the member sees them; somebody hidden is left out.

    The number of queries does not depend on the number of people. Notes what is shown.
    `seen`: their sights, where the caller has them already.
    """
    if seen is None:
        seen = sights(member, [person.pk for person in found])
    content = _Content(member, seen)
    return [
        content.person(person, seen[person.pk])
        for person in found
        if seen[person.pk].answer.visible
    ]


class _Content:
    """What belongs to some people, read once for all of them, where it is visible."""

    def __init__(self, member: Member, seen: dict[UUID, Sight]) -> None:
        self.member = member
        self.lead_agencies = lead_agencies(seen)
        self.leads = _grouped(
            LeadPeriod.objects.of(seen, Category.POINTER)
            .filter(live())
            .select_related("worker", "agency")
        )
        self.cases = _grouped(
            Case.objects.of(seen, Category.POINTER).exclude(state=CaseState.CLOSED)
        )
        self.contacts = _grouped(
            ContactPoint.objects.of(seen, Category.CONTACT).filter(ended_at=None)
        )
        self.involvements = _grouped(
            Involvement.objects.of(seen, Category.IDENTITY)
            .filter(live())
            .select_related("agency")
            .order_by("agency__name", "pk")
        )
        self.safety_plans = _grouped(SafetyPlan.objects.of(seen, Category.SAFETY))
        self.relatives = _grouped(Relative.objects.of(seen, Category.FAMILY))
        # Rows of several categories: those of visible people, each shown by its own category.
        some = {key: sight for key, sight in seen.items() if len(sight.answer.visible) > 1}
        self.identifiers = _grouped(Identifier.objects.of(some, Category.POINTER))
        self.components = _grouped(
            PlanComponent.objects.of(some, Category.POINTER).exclude(plan__case__state="closed")
        )
        self.planned = _grouped(
            PlannedIntervention.objects.of(some, Category.POINTER).filter(done_at=None)
        )
        self.goals = _grouped(
            Goal.objects.of(some, Category.POINTER).filter(reached_at=None, ended_at=None)
        )
        self.tasks = _grouped(Task.objects.of(some, Category.POINTER).filter(closed_at=None))

    def person(self, person: YoungPerson, sight: Sight) -> dict[str, Any]:
        """One person: every category that the sight shows."""
        body: dict[str, Any] = {
            "reference": person.reference,
            "visible": names.names(sight.answer.visible),
        }
        for category in Category:
            if sight.shows(category):
                body[category.value] = self._category(category, person, sight)
        return body

    def _category(self, category: Category, person: YoungPerson, sight: Sight) -> dict[str, Any]:
        if category in COMPONENTS:
            return self._component(category, person)
        build = {
            Category.POINTER: self._pointer,
            Category.CONTACT: self._contact,
            Category.SAFETY: self._safety,
        }.get(category)
        if build is not None:
            return build(person)
        if category is Category.IDENTITY:
            return self._identity(person, sight)
        if category in {Category.TASKING, Category.ENFORCEMENT}:
            return {"tasks": [_task(row) for row in self._of(self.tasks, person, category)]}
        # Education, therapy notes: what there is stands among interventions and events.
        return {}

    def _pointer(self, person: YoungPerson) -> dict[str, Any]:
        lead = next(iter(self.leads[person.pk]), None)
        case = next(iter(self.cases[person.pk]), None)
        return {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "known_as": person.known_as,
            "provisional": person.provisional,
            "case": case.reference if case else None,
            "lead_agency": names.agency(self.lead_agencies.get(person.pk)),
            "lead_worker": {
                **(names.worker(lead.worker) or {}),
                "phone": lead.worker.phone or lead.agency.phone,
            }
            if lead
            else None,
        }

    def _identity(self, person: YoungPerson, sight: Sight) -> dict[str, Any]:
        lead = self.lead_agencies.get(person.pk)
        involved = [row.agency for row in self.involvements[person.pk]]
        if not knows_all(self.member, sight, lead):
            involved = [row for row in involved if row.pk == self.member.agency_id or row == lead]
        return {
            "date_of_birth": person.date_of_birth,
            "pronouns": person.pronouns,
            "ethnicity": person.ethnicity,
            "ethnicity_source": person.ethnicity_source,
            "languages": person.languages,
            "interpreter_needed": person.interpreter_needed,
            "needs": person.needs,
            "strengths": person.strengths,
            "borough": person.borough,
            "identifiers": [
                {"scheme": row.scheme, "value": row.value}
                for row in self._of(self.identifiers, person, Category.IDENTITY)
            ],
            "agencies_involved": [names.agency(row) for row in dict.fromkeys(involved)],
        }

    def _contact(self, person: YoungPerson) -> dict[str, Any]:
        return {
            "ways": [
                {
                    "id": row.pk,
                    "kind": row.kind,
                    "value": row.value,
                    "is_safe": row.is_safe,
                    "note": row.note,
                }
                for row in self.contacts[person.pk]
            ]
        }

    def _safety(self, person: YoungPerson) -> dict[str, Any]:
        plan = next(iter(self.safety_plans[person.pk]), None)
        if plan is None:
            return {"plan": None}
        fields = ("dangers", "unsafe_places", "safe_places", "what_helps", "whom_to_call")
        return {
            "plan": {
                **{name: getattr(plan, name) for name in fields},
                "review_on": plan.review_on,
                "written_at": plan.written_at,
            }
        }

    def _component(self, category: Category, person: YoungPerson) -> dict[str, Any]:
        used = next(iter(self._of(self.components, person, category)), None)
        body: dict[str, Any] = {
            "in_use": used.in_use if used else False,
            "own_name": used.own_name if used else "",
            "goals": [
                {"id": row.pk, "own_words": row.own_words, "worker_words": row.worker_words}
                for row in self._of(self.goals, person, category)
            ],
            "planned": [
                {"id": row.pk, "what": row.what, "who": row.who, "by_when": row.by_when}
                for row in self._of(self.planned, person, category)
            ],
        }
        if category is Category.OFFENDING:
            body["pnc"] = [
                row.value
                for row in self._of(self.identifiers, person, category)
                if row.scheme == IdentifierScheme.PNC
            ]
        if category is Category.FAMILY:
            body["relatives"] = [_relative(row) for row in self.relatives[person.pk]]
        return body

    def _of(self, rows: Rows, person: YoungPerson, category: Category) -> list[Any]:
        """The rows about a person in the one category that is being shown."""
        return [row for row in rows[person.pk] if row.category is category]


def _task(row: Task) -> dict[str, Any]:
    return {"id": row.pk, "what": row.what, "due_on": row.due_on, "state": row.state}


def _relative(row: Relative) -> dict[str, Any]:
    fields = ("name", "kind", "same_household", "parental_responsibility", "main_carer")
    # The link to another young person stays out: it needs the sight of both.
    return {"id": row.pk, **{name: getattr(row, name) for name in fields}, "needs": row.needs}


def _grouped(rows: Iterable[Any]) -> Rows:
    grouped: Rows = defaultdict(list)
    for row in rows:
        grouped[row.person_id].append(row)
    return grouped
