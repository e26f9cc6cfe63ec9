"""`cases/…/step-down/` and `closing/`: the planned move to a community service, and the end."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from api import fields
from api.schema import creates
from api.v1.cases import CaseSchema, CaseStepView
from api.v1.referrals import ComponentsField
from casework.actions import step_down
from casework.enums import CloseReason, StepDownState
from casework.models import Case, StepDown
from core.errors import Invalid
from directory.models import Service


class StepDownInput(fields.Strict):
    """Which components move to which service, and who there said yes."""

    service = serializers.UUIDField()
    service_contact = fields.Words(max_length=200)
    said_yes_on = fields.Day()
    said_yes_by = fields.Words(max_length=150)
    categories = ComponentsField(min_length=1)
    why = fields.Words()
    first_attendance_on = fields.Day(required=False, allow_null=True)


class StepDownDecisionInput(fields.Strict):
    """Approve or refuse a step-down."""

    approve = fields.YesNo()
    reason = fields.Words(required=False)


class ClosingInput(fields.Strict):
    """Why a case closes."""

    reason = fields.Choice(choices=CloseReason.choices)
    note = fields.Words(required=False)


class StepDownView(CaseStepView):
    """The step-down of a case."""

    @extend_schema(**creates(StepDownInput, CaseSchema, "cases_propose_step_down"))
    def post(self, request: Request, reference: str) -> Response:
        """Propose the move to a service that has said yes. For the lead worker."""
        said = self.said(StepDownInput)

        def act(case: Case) -> None:
            service = Service.objects.filter(pk=said.pop("service")).first()
            if service is None:
                raise Invalid(service="There is no such service")
            step_down.propose(case=case, service=service, by=self.member, **said)

        return self.step(reference, act)


class StepDownDecisionView(CaseStepView):
    """The decision on a step-down."""

    @extend_schema(**creates(StepDownDecisionInput, CaseSchema, "cases_decide_step_down"))
    def post(self, request: Request, reference: str) -> Response:
        """Approve or refuse, as a second user."""
        said = self.said(StepDownDecisionInput)
        return self.step(
            reference,
            lambda case: step_down.decide(
                step_down=_last(self.member, case), by=self.member, **said
            ),
        )


class ClosingView(CaseStepView):
    """The end of a case."""

    @extend_schema(**creates(ClosingInput, CaseSchema, "cases_close"))
    def post(self, request: Request, reference: str) -> Response:
        """Close a case with a reason: the lead and the team end, the record stays."""
        said = self.said(ClosingInput)
        return self.step(reference, lambda case: step_down.close(case=case, by=self.member, **said))


def _last(member: Member, case: Case) -> Any:
    """The step-down that waits, or else the last one. Raises NotVisible when there is none."""
    found = list(
        StepDown.objects.visible_to(member).filter(case_id=case.pk).order_by("-proposed_at", "-pk")
    )
    waiting = [row for row in found if row.state == StepDownState.PROPOSED]
    if not found:
        raise NotVisible
    return (waiting or found)[0]
