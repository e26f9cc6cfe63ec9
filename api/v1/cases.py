"""`cases/`: episodes of work, their lead worker and their plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.categories import Category
from access.reading import Sight, sights
from api import fields, names
from api.pagination import paginate
from api.schema import AgencySchema, WorkerSchema, creates, lists, shows
from api.views import MemberView
from casework.actions import lead, opening, plan
from casework.enums import CaseState, CloseReason
from casework.models import Case, LeadPeriod, Plan, StepDown
from core.ids import tidy_reference
from core.periods import live


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


class _Content:
    """What belongs to some cases, read once for all of them."""

    def __init__(self, seen: dict[Any, Sight]) -> None:
        leads = LeadPeriod.objects.of(seen, Category.POINTER).filter(live())
        self.leads = {row.case_id: row.worker for row in leads.select_related("worker")}
        plans = Plan.objects.of(seen, Category.IDENTITY).select_related("agreed_by")
        self.plans = {row.case_id: row for row in plans}
        step_downs = StepDown.objects.of(seen, Category.POINTER).order_by("proposed_at", "pk")
        self.step_downs = {row.case_id: row for row in step_downs.select_related("service")}

    def case(self, row: Case, sight: Sight) -> dict[str, Any]:
        """One case as it is seen; notes what is shown."""
        sight.shows(Category.POINTER)
        body: dict[str, Any] = {
            "reference": row.reference,
            "person": row.person.reference,
            "agency": names.agency(row.agency),
            "state": row.state,
            "episode": row.episode,
            "opened_at": row.opened_at,
            "closed_at": row.closed_at,
            "lead_worker": names.worker(self.leads.get(row.pk)),
            "step_down": self._step_down(row, sight),
        }
        if sight.shows(Category.IDENTITY):
            body |= {
                "close_reason": row.close_reason,
                "close_note": row.close_note,
                "reopen_reason": row.reopen_reason,
                "plan": self._plan(row),
            }
        return body

    def _plan(self, row: Case) -> dict[str, Any]:
        found = self.plans[row.pk]
        return {
            "agreed_on": found.agreed_on,
            "agreed_how": found.agreed_how,
            "agreed_by": names.worker(found.agreed_by),
            "review_on": found.review_on,
        }

    def _step_down(self, row: Case, sight: Sight) -> dict[str, Any] | None:
        """The last step-down: that there is one is pointer, what it says is its components'."""
        found = self.step_downs.get(row.pk)
        if found is None:
            return None
        body: dict[str, Any] = {"state": found.state, "proposed_at": found.proposed_at}
        if sight.shows(*found.categories):
            body |= {
                "categories": names.names(found.categories),
                "service": found.service.name,
                "service_contact": found.service_contact,
                "said_yes_on": found.said_yes_on,
                "said_yes_by": found.said_yes_by,
                "first_attendance_on": found.first_attendance_on,
                "why": found.why,
                "decided_reason": found.decided_reason,
            }
        return body


def _rows(member: Member) -> Any:
    return Case.objects.visible_to(member, listing=True).select_related("person", "agency")


def _projected(member: Member, rows: list[Case]) -> list[dict[str, Any]]:
    seen = sights(member, {row.person_id for row in rows})
    content = _Content(seen)
    return [content.case(row, seen[row.person_id]) for row in rows]


def load(member: Member, reference: str) -> Case:
    """A case that the member sees. Raises NotVisible for any other and for none alike."""
    found: Case | None = (
        None
        if "\0" in reference
        else _rows(member).filter(reference=tidy_reference(reference)).first()
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
    [body] = _projected(member, [load(member, reference)])
    return body


def address(reference: str) -> str:
    """Where a case is."""
    return reverse("api:case", args=[reference])


class CasesView(MemberView):
    """The cases of the people whom you see."""

    @extend_schema(**lists(CaseSchema, "cases_list"))
    def get(self, request: Request) -> Response:
        """List cases."""
        page = paginate(request, _rows(self.member))
        return Response(page.answer(_projected(self.member, page.rows)))


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
