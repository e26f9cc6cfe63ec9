"""`cases/`: episodes of work, their lead worker and their plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.categories import EVERY, Category, from_bits
from access.content import Part, Parts, PartSet
from access.reading import Sight, SightPage, sights
from api import fields, names
from api.pagination import Item, Place, paginate_by_person
from api.schema import AgencySchema, WorkerSchema, creates, lists, shows
from api.views import MemberView
from casework.actions import lead, opening, plan
from casework.enums import CaseState, CloseReason
from casework.models import Case, Plan, StepDown
from core.clock import instant
from core.ids import tidy_reference


class LeadInput(fields.Strict):
    """Who leads from now, and who you believe leads until now."""

    worker = fields.WorkerName()
    replacing = fields.WorkerName(required=False, allow_null=True)


class AgreementInput(fields.Strict):
    """That the young person agreed to the plan: on which day, and how."""

    on = fields.Day()
    how = fields.Words(max_length=300)


class ReopeningInput(fields.Strict):
    """Why a case is opened again."""

    reason = fields.Words()


class PlanSchema(serializers.Serializer):
    """Whether and how the plan was agreed."""

    agreed_on = serializers.DateField(allow_null=True)
    agreed_how = serializers.CharField(allow_blank=True)
    agreed_by = WorkerSchema(allow_null=True)
    review_on = serializers.DateField(allow_null=True)


class CaseSchema(serializers.Serializer):
    """A case; what belongs to hidden categories is absent."""

    reference = serializers.CharField()
    person = serializers.CharField(required=False)
    agency = AgencySchema(required=False)
    state = serializers.ChoiceField(choices=CaseState.choices, required=False)
    episode = serializers.IntegerField(required=False)
    opened_at = serializers.DateTimeField(required=False)
    closed_at = serializers.DateTimeField(required=False, allow_null=True)
    lead_worker = WorkerSchema(required=False, allow_null=True)
    close_reason = serializers.ChoiceField(
        choices=CloseReason.choices, required=False, allow_blank=True
    )
    close_note = serializers.CharField(required=False, allow_blank=True)
    reopen_reason = serializers.CharField(required=False, allow_blank=True)
    plan = PlanSchema(required=False)
    step_down = serializers.JSONField(required=False, allow_null=True)


_POINTER = frozenset({Category.POINTER})
_IDENTITY = frozenset({Category.IDENTITY})
_EPISODE = ("state", "episode", "opened_at", "closed_at")
_REASONS = ("close_reason", "close_note", "reopen_reason")
_AGREEMENT = ("agreed_on", "agreed_how", "review_on")
_WORDS = (
    "service_contact",
    "said_yes_on",
    "said_yes_by",
    "first_attendance_on",
    "why",
    "decided_reason",
)


def _who(row: str) -> str:
    """SQL of a worker as an object; null where there is none."""
    named = f"json_build_object('username', {row}.username, 'name', {row}.name)"
    return f"CASE WHEN {row}.id IS NOT NULL THEN {named} END"


PARTS = PartSet(
    "cases",
    # Of each case all that belongs to the pointer, in one look: most of a page is cards.
    cases=Part(
        Case,
        _POINTER,
        ("id", "reference", *_EPISODE),
        {
            "person": "p.reference",
            "agency": "json_build_object('slug', a.slug, 'name', a.name)",
            "lead_worker": _who("w"),
        },
        joins="JOIN people_youngperson p ON p.id = t.person_id"
        " JOIN agencies_agency a ON a.id = t.agency_id"
        " LEFT JOIN casework_leadperiod l ON l.person_id = t.person_id AND l.case_id = t.id"
        " AND l.starts <= %(at)s AND (l.ends IS NULL OR l.ends > %(at)s)"
        " LEFT JOIN agencies_user w ON w.id = l.worker_id",
        order="t.id DESC",
    ),
    plans=Part(
        Plan,
        _IDENTITY,
        ("case_id", *_AGREEMENT),
        {"agreed_by": _who("w"), **{name: f"c.{name}" for name in _REASONS}},
        joins="JOIN casework_case c ON c.id = t.case_id AND c.person_id = t.person_id"
        " LEFT JOIN agencies_user w ON w.id = t.agreed_by_id",
    ),
    # That there is one is pointer, what it says is its components'.
    step_downs=Part(
        StepDown,
        _POINTER,
        ("case_id", "state", "proposed_at", "categories"),
        order="t.proposed_at, t.id",
    ),
    step_down_words=Part(
        StepDown,
        EVERY - _POINTER,
        ("case_id", *_WORDS),
        {"service": "s.name"},
        joins="JOIN directory_service s ON s.id = t.service_id",
        order="t.proposed_at, t.id",
    ),
)


class _Content:
    """What belongs to a person's cases."""

    def __init__(self, sight: Sight, parts: Parts) -> None:
        self.sight = sight
        self.cases = parts["cases"]
        # Of several the last one stands.
        self.step_downs = {row["case_id"]: row for row in parts["step_downs"]}
        self._parts = parts

    def case(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One case as it is seen; notes what is shown."""
        self.sight.shows(Category.POINTER)
        body = {
            "reference": row["reference"],
            "person": row["person"],
            "agency": row["agency"],
            "state": row["state"],
            "episode": row["episode"],
            "opened_at": datetime.fromisoformat(row["opened_at"]),
            "closed_at": datetime.fromisoformat(row["closed_at"]) if row["closed_at"] else None,
            "lead_worker": row["lead_worker"],
            "step_down": self._step_down(row["id"]),
        }
        if self.sight.shows(Category.IDENTITY):
            plan = self._of_case("plans", row["id"])
            body |= {name: plan[name] for name in _REASONS}
            body["plan"] = {name: plan[name] for name in (*_AGREEMENT, "agreed_by")}
        return body

    def _step_down(self, case: str) -> dict[str, Any] | None:
        found = self.step_downs.get(case)
        if found is None:
            return None
        body: dict[str, Any] = {
            "state": found["state"],
            "proposed_at": datetime.fromisoformat(found["proposed_at"]),
        }
        categories = from_bits(found["categories"])
        if self.sight.shows(*categories):
            words = self._of_case("step_down_words", case)
            body |= {"categories": names.names(categories), "service": words["service"]}
            body |= {name: words[name] for name in _WORDS}
        return body

    def _of_case(self, part: str, case: str) -> dict[str, Any]:
        """The last row of a part about a case. Raises IndexError where there is none."""
        return [row for row in self._parts[part] if row["case_id"] == case][-1]


def load(member: Member, reference: str) -> Case:
    """A case that the member sees. Raises NotVisible for any other and for none alike."""
    found: Case | None = (
        None
        if "\0" in reference
        else Case.objects.visible_to(member).filter(reference=tidy_reference(reference)).first()
    )
    if found is None:
        raise NotVisible
    return found


def plan_of(member: Member, reference: str) -> Plan:
    """The plan of a case that the member sees. Raises NotVisible."""
    case = load(member, reference)
    found: Plan = Plan.objects.visible_to(member).get(case_id=case.pk)
    return found


def show(member: Member, reference: str) -> dict[str, Any]:
    """The case as the member sees it. Raises NotVisible."""
    case = load(member, reference)
    seen = sights(member, [case.person_id])
    [parts] = PARTS.read(seen, at=instant()).values()
    content = _Content(seen[case.person_id], parts)
    [row] = [row for row in content.cases if row["reference"] == case.reference]
    return content.case(row)


def address(reference: str) -> str:
    """Where a case is."""
    return reverse("api:case", args=[reference])


class CasesView(MemberView):
    """The cases of the people whom you see."""

    @extend_schema(**lists(CaseSchema, "cases_list"))
    def get(self, request: Request) -> Response:
        """List cases: those of the newest person first, of each person the newest first."""
        page, _ = paginate_by_person(request, self.member, Case, _items, parts=PARTS)
        return Response(page.answer([content.case(row) for content, row in page.rows]))


def _items(page: SightPage, place: Place | None, back: bool, limit: int) -> list[Item]:
    """The cases of a page's people beyond a place, with what belongs to them."""
    contents = [(key, _Content(page.seen[key], page.content[key])) for key in page.people]
    found = [
        (person_id, UUID(row["id"]), (content, row))
        for person_id, content in (reversed(contents) if back else contents)
        for row in (reversed(content.cases) if back else content.cases)
    ]
    if place is not None:
        start = (place.person_id, place.key)
        found = [one for one in found if (one[:2] > start if back else one[:2] < start)]
    return found[:limit]


class CaseView(MemberView):
    """One case."""

    @extend_schema(**shows(CaseSchema, "cases_show"))
    def get(self, request: Request, reference: str) -> Response:
        """Show a case."""
        return self.shown(show(self.member, reference))


class CaseStepView(MemberView):
    """One step in the life of a case: does an action and shows the case after it."""

    def step(self, reference: str, act: Callable[[Case], Any]) -> Response:
        """Do `act` to the case, once."""
        case = load(self.member, reference)

        def acted() -> str:
            return getattr(act(case), "reference", case.reference)

        return self.write(acted, show, address)


class LeadView(CaseStepView):
    """The lead worker of a case."""

    @extend_schema(**creates(LeadInput, CaseSchema, "cases_assign_lead"))
    def post(self, request: Request, reference: str) -> Response:
        """Make a worker of your agency the lead: of two managers at once one gets 409."""
        said = self.said(LeadInput)
        replacing = said.get("replacing")
        return self.step(
            reference,
            lambda case: lead.assign(
                case=case,
                worker_id=names.worker_named(said["worker"]),
                replacing=names.worker_named(replacing) if replacing else None,
                by=self.member,
            ),
        )


class PlanAgreementView(CaseStepView):
    """The young person's agreement to the plan."""

    @extend_schema(**creates(AgreementInput, CaseSchema, "cases_agree_plan"))
    def post(self, request: Request, reference: str) -> Response:
        """Record that the young person agreed to the plan; the case becomes active."""
        said = self.said(AgreementInput)
        return self.step(
            reference,
            lambda case: plan.agree(
                plan=plan_of(self.member, case.reference), by=self.member, **said
            ),
        )


class ReopeningView(CaseStepView):
    """A new episode."""

    @extend_schema(**creates(ReopeningInput, CaseSchema, "cases_reopen"))
    def post(self, request: Request, reference: str) -> Response:
        """Open a new episode for somebody whose case was closed."""
        said = self.said(ReopeningInput)
        return self.step(reference, lambda case: opening.reopen(case=case, by=self.member, **said))
