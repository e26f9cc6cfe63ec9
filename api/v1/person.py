"""A person as somebody sees them: one object for each visible category, hidden ones absent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from access.actor import Member
from access.categories import COMPONENTS, Category
from access.content import Part, Parts, PartSet
from access.reading import Sight
from api import names
from api.v1.knowledge import knows_all
from casework.models import Case, Goal, LeadPeriod, Plan, PlannedIntervention, SafetyPlan
from people.actions import young_person
from people.enums import IdentifierScheme
from people.models import ContactPoint, Identifier, Relative, YoungPerson
from sharing.models import Involvement, LeadAgency
from tasking.models import Task

_LIVE = "t.starts <= %(at)s AND (t.ends IS NULL OR t.ends > %(at)s)"
_AGENCY = "JOIN agencies_agency a ON a.id = t.agency_id"
_POINTER = frozenset({Category.POINTER})
_IDENTITY = frozenset({Category.IDENTITY})
_COMPONENTS = frozenset(COMPONENTS)
_TASKS = frozenset({Category.TASKING, Category.ENFORCEMENT})

_NAMES = ("given_name", "family_name", "known_as", "provisional")
_WHO = sorted(young_person.IDENTITY)

PARTS = PartSet(
    "people",
    person=Part(YoungPerson, _POINTER, ("reference", *_NAMES), person="id", once=True),
    who=Part(YoungPerson, _IDENTITY, _WHO, person="id", once=True),
    lead_agency=Part(
        LeadAgency,
        _POINTER,
        others={"id": "a.id", "slug": "a.slug", "name": "a.name"},
        joins=_AGENCY,
        where=_LIVE,
        once=True,
    ),
    lead_worker=Part(
        LeadPeriod,
        _POINTER,
        others={
            "username": "w.username",
            "name": "w.name",
            "phone": "coalesce(nullif(w.phone, ''), a.phone)",
        },
        joins=f"{_AGENCY} JOIN agencies_user w ON w.id = t.worker_id",
        where=_LIVE,
        once=True,
    ),
    case=Part(Case, _POINTER, ("reference",), where="t.state <> 'closed'", once=True),
    ways=Part(
        ContactPoint,
        frozenset({Category.CONTACT}),
        ("id", "kind", "value", "is_safe", "note"),
        where="t.ended_at IS NULL",
        order="t.kind, t.since, t.id",
    ),
    agencies=Part(
        Involvement,
        _IDENTITY,
        others={"id": "a.id", "slug": "a.slug", "name": "a.name"},
        joins=_AGENCY,
        where=_LIVE,
        order="a.name, t.id",
    ),
    identifiers=Part(
        Identifier,
        frozenset({Category.IDENTITY, Category.OFFENDING}),
        ("scheme", "value"),
        order="t.scheme, t.id",
    ),
    safety=Part(
        SafetyPlan,
        frozenset({Category.SAFETY}),
        (
            "dangers",
            "unsafe_places",
            "safe_places",
            "what_helps",
            "whom_to_call",
            "review_on",
            "written_at",
        ),
        once=True,
    ),
    components=Part(
        Plan,
        _COMPONENTS,
        others={
            "component": "component.component",
            "in_use": "component.in_use",
            "own_name": "component.own_name",
        },
        # Those of a plan stand together: asked for by person as well, two indexes were read.
        joins="JOIN casework_case c ON c.id = t.case_id AND c.person_id = ANY ({people})"
        " JOIN casework_plancomponent component ON component.plan_id = t.id",
        where="c.state <> 'closed' AND (component.in_use OR component.own_name <> '')",
        order="component.id",
    ),
    goals=Part(
        Goal,
        _COMPONENTS,
        ("component", "id", "own_words", "worker_words"),
        where="t.reached_at IS NULL AND t.ended_at IS NULL",
        order="t.component, t.set_at, t.id",
    ),
    planned=Part(
        PlannedIntervention,
        _COMPONENTS,
        ("component", "id", "what", "who", "by_when"),
        where="t.done_at IS NULL",
        order="t.by_when, t.id",
    ),
    tasks=Part(
        Task,
        _TASKS,
        ("kind", "id", "what", "due_on", "state"),
        where="t.closed_at IS NULL",
        order="t.due_on, t.id",
    ),
    relatives=Part(
        Relative,
        frozenset({Category.FAMILY}),
        # The link to another young person stays out: it needs the sight of both.
        (
            "id",
            "name",
            "kind",
            "same_household",
            "parental_responsibility",
            "main_carer",
            "needs",
        ),
        where="t.ended_at IS NULL",
    ),
)


def shown(
    member: Member,
    people: Iterable[UUID],
    seen: Mapping[UUID, Sight],
    content: Mapping[UUID, Parts],
) -> list[ShownPerson]:
    """Each of these people as the member sees them; notes that all of it is shown.

    `content` has what `PARTS` names of each.
    """
    return [
        ShownPerson(member, seen[key], content[key]) for key in people if content[key]["person"]
    ]


class ShownPerson:
    """One person, with what was read of them, every category that the sight shows."""

    def __init__(self, member: Member, sight: Sight, parts: Parts) -> None:
        self.member = member
        self.sight = sight
        self.parts = parts
        sight.show_everything()
        self.visible = names.names(sight.answer.visible)

    @cached_property
    def _goals(self) -> dict[str, list[dict[str, Any]]]:
        return _by_component(self.parts["goals"])

    @cached_property
    def _planned(self) -> dict[str, list[dict[str, Any]]]:
        return _by_component(self.parts["planned"])

    @cached_property
    def _used(self) -> dict[str, list[dict[str, Any]]]:
        return _by_component(self.parts["components"])

    def body(self) -> dict[str, Any]:
        """The person as they are sent."""
        body: dict[str, Any] = {
            "reference": self.parts["person"][0]["reference"],
            "visible": self.visible,
        }
        for category in self.visible:
            build = _BUILT.get(category)
            # Education, therapy notes: what there is stands among interventions and events.
            body[category] = build(self, category) if build is not None else {}
        return body

    def _pointer(self, _: str) -> dict[str, Any]:
        person, lead = self.parts["person"][0], self._first("lead_agency")
        case = self._first("case")
        return {
            **{name: person[name] for name in _NAMES},
            "case": case["reference"] if case else None,
            "lead_agency": _agency(lead) if lead else None,
            "lead_worker": self._first("lead_worker"),
        }

    def _identity(self, _: str) -> dict[str, Any]:
        lead = self._first("lead_agency")
        involved = self.parts["agencies"]
        if not knows_all(self.member, self.sight, UUID(lead["id"]) if lead else None):
            known = {str(self.member.agency_id), lead["id"] if lead else None}
            involved = [row for row in involved if row["id"] in known]
        return {
            **self.parts["who"][0],
            "identifiers": [
                row for row in self.parts["identifiers"] if row["scheme"] != IdentifierScheme.PNC
            ],
            "agencies_involved": list({row["id"]: _agency(row) for row in involved}.values()),
        }

    def _contact(self, _: str) -> dict[str, Any]:
        return {"ways": self.parts["ways"]}

    def _safety(self, _: str) -> dict[str, Any]:
        plan = self._first("safety")
        if plan is not None:
            plan = {**plan, "written_at": datetime.fromisoformat(plan["written_at"])}
        return {"plan": plan}

    def _tasks(self, category: str) -> dict[str, Any]:
        rows = [row for row in self.parts["tasks"] if row["kind"] == category]
        return {"tasks": [_without(row, "kind") for row in rows]}

    def _component(self, category: str) -> dict[str, Any]:
        used = self._used.get(category)
        body = used[0] if used else {"in_use": False, "own_name": ""}
        body["goals"] = self._goals.get(category, ())
        body["planned"] = self._planned.get(category, ())
        return body

    def _offending(self, category: str) -> dict[str, Any]:
        rows = self.parts["identifiers"]
        pnc = [row["value"] for row in rows if row["scheme"] == IdentifierScheme.PNC]
        return {**self._component(category), "pnc": pnc}

    def _family(self, category: str) -> dict[str, Any]:
        return {**self._component(category), "relatives": self.parts["relatives"]}

    def _first(self, part: str) -> dict[str, Any] | None:
        return next(iter(self.parts[part]), None)


_BUILT: dict[str, Callable[[ShownPerson, str], dict[str, Any]]] = {
    **{component.value: ShownPerson._component for component in COMPONENTS},
    Category.OFFENDING.value: ShownPerson._offending,
    Category.FAMILY.value: ShownPerson._family,
    **{kind.value: ShownPerson._tasks for kind in _TASKS},
    Category.POINTER.value: ShownPerson._pointer,
    Category.IDENTITY.value: ShownPerson._identity,
    Category.CONTACT.value: ShownPerson._contact,
    Category.SAFETY.value: ShownPerson._safety,
}


def _by_component(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows by the one component to which each belongs, in their order, which is taken out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.pop("component"), []).append(row)
    return found


def _agency(row: dict[str, Any]) -> dict[str, Any]:
    return {"slug": row["slug"], "name": row["name"]}


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
