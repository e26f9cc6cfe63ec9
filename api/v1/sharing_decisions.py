"""`sharing-decisions/`: share / do not share, on a lawful basis other than consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.categories import Category
from access.reading import Sight, sights
from api import fields, names
from api.schema import AgencySchema, WorkerSchema, creates, lists, shows
from api.v1 import knowledge, records
from api.views import MemberView
from core.errors import Invalid
from people import queries
from sharing.actions import decision as actions
from sharing.enums import DecisionKind, DecisionState, Limb
from sharing.models import LawfulBasis, SharingDecision


class DecisionInput(fields.Strict):
    """A proposal to share, or the record that it was decided not to."""

    person = fields.Reference()
    share = fields.YesNo()
    kind = fields.Choice(choices=DecisionKind.choices)
    agency = fields.AgencyName()
    worker = fields.WorkerName(required=False, allow_null=True)
    categories = fields.Categories(min_length=1)
    lawful_basis = fields.Words(max_length=50, help_text="Code of the lawful basis.")
    condition = fields.Words(max_length=300, required=False)
    conditions = serializers.ListField(
        child=fields.Words(max_length=50),
        required=False,
        max_length=10,
        help_text="Codes of the register of conditions for sensitive information.",
    )
    limb = fields.Choice(choices=Limb.choices, required=False)
    at_risk_reason = fields.Words(required=False)
    necessity = fields.Words()
    proportionality = fields.Words(required=False)
    told = fields.YesNo()
    not_told_reason = fields.Words(required=False)
    until = fields.Moment()


class ApprovalInput(fields.Strict):
    """Approve or refuse a proposed share. Refusing says why."""

    approve = fields.YesNo(required=False, default=True)
    reason = fields.Words(required=False)


class NothingInput(fields.Strict):
    """Nothing more needs to be said."""


class DecisionSchema(serializers.Serializer):
    """A decision: in full to those who answer for the person, to a recipient what opens."""

    id = serializers.UUIDField()
    person = serializers.CharField()
    agency = AgencySchema()
    worker = WorkerSchema(allow_null=True)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES)
    )
    lawful_basis = serializers.CharField()
    until = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=DecisionState.choices)
    ended_at = serializers.DateTimeField(allow_null=True)
    share = serializers.BooleanField(required=False)
    kind = serializers.ChoiceField(choices=DecisionKind.choices, required=False)
    condition = serializers.CharField(required=False, allow_blank=True)
    conditions = serializers.ListField(child=serializers.CharField(), required=False)
    limb = serializers.CharField(required=False, allow_blank=True)
    at_risk_reason = serializers.CharField(required=False, allow_blank=True)
    warned = serializers.ListField(child=serializers.CharField(), required=False)
    review_by = serializers.DateTimeField(required=False, allow_null=True)
    reviewed_at = serializers.DateTimeField(required=False, allow_null=True)
    necessity = serializers.CharField(required=False, allow_blank=True)
    proportionality = serializers.CharField(required=False, allow_blank=True)
    told = serializers.BooleanField(required=False)
    not_told_reason = serializers.CharField(required=False, allow_blank=True)
    proposed_by = WorkerSchema(required=False)
    proposed_at = serializers.DateTimeField(required=False)
    decided_by = WorkerSchema(required=False, allow_null=True)
    decided_at = serializers.DateTimeField(required=False, allow_null=True)
    decided_reason = serializers.CharField(required=False, allow_blank=True)


_WORDS = (
    *("share", "kind", "condition", "necessity", "proportionality", "told", "not_told_reason"),
    *("proposed_at", "decided_at", "decided_reason", "conditions", "limb", "at_risk_reason"),
    *("warned", "review_by", "reviewed_at"),
)


def bodies(
    member: Member, rows: Sequence[SharingDecision], seen: Mapping[UUID, Sight] | None = None
) -> dict[Any, dict[str, Any]]:
    """By key: each of these decisions as the member may know of it; others are left out.

    A recipient knows of a share once it has opened, not that one was thought of. Notes
    what is shown.
    """
    if seen is None:
        seen = sights(member, {row.person_id for row in rows})
    leads = knowledge.lead_agencies(seen)
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        sight = seen[row.person_id]
        everything = knowledge.knows_all(member, sight, leads.get(row.person_id))
        opened = row.involvement_id is not None
        if not everything and not (
            opened
            and sight.answer.visible
            and knowledge.names_own(member, row.agency_id, row.worker_id)
        ):
            continue
        body: dict[str, Any] = {
            "id": row.pk,
            "person": row.person.reference,
            "agency": names.agency(row.agency),
            "worker": names.worker(row.worker),
            "categories": names.names(row.categories),
            "lawful_basis": row.lawful_basis.code,
            "until": row.until,
            "state": row.state,
            "ended_at": row.ended_at,
        }
        if everything and sight.shows(Category.IDENTITY):
            body |= {name: getattr(row, name) for name in _WORDS}
            body["proposed_by"] = names.worker(row.proposed_by)
            body["decided_by"] = names.worker(row.decided_by)
        found[row.pk] = body
    return found


def _rows(member: Member) -> Any:
    """Decisions about visible people, cut to those of which the member may know."""
    rows = knowledge.narrowed(member, SharingDecision.objects.visible_to(member))
    return _whole(rows.filter(Q(led__isnull=False) | Q(involvement__isnull=False)))


def _known_to(member: Member, rows: Any, seen: Mapping[UUID, Sight]) -> Any:
    """The same among rows about people of whom it is known what the member sees."""
    whole = Q(person_id__in=knowledge.known_whole(member, seen))
    return _whole(rows.filter(whole | knowledge.own(member) & Q(involvement__isnull=False)))


def _whole(rows: Any) -> Any:
    return rows.select_related(
        "person", "agency", "worker", "lawful_basis", "proposed_by", "decided_by"
    )


def load(member: Member, row_id: str) -> SharingDecision:
    """A decision of which the member may know. Raises NotVisible."""
    found: SharingDecision | None = _rows(member).filter(pk=names.row_id(row_id)).first()
    if found is None or not bodies(member, [found]):
        raise NotVisible
    return found


def show(member: Member, row_id: str) -> dict[str, Any]:
    """The decision as the member may know of it. Raises NotVisible."""
    row = _rows(member).filter(pk=names.row_id(row_id)).first()
    body = bodies(member, [row]).get(row.pk) if row else None
    if body is None:
        raise NotVisible
    return body


def _address(name: str) -> str:
    return reverse("api:sharing_decision", args=[name])


class SharingDecisionsView(MemberView):
    """Sharing decisions of which you may know."""

    @extend_schema(**lists(DecisionSchema, "sharing_decisions_list"))
    def get(self, request: Request) -> Response:
        """List decisions: all of people you answer for, else those that open to you."""
        page = records.page_of_known(request, self.member, SharingDecision, _known_to, bodies)
        return Response(page)

    @extend_schema(**creates(DecisionInput, DecisionSchema, "sharing_decisions_propose"))
    def post(self, request: Request) -> Response:
        """Propose to share, or record that it was decided not to. A second user approves."""
        said = self.said(DecisionInput)

        def act() -> str:
            person = queries.load(self.member, said.pop("person")).person
            agency = names.agency_named(said.pop("agency"))
            worker = said.pop("worker", None)
            basis = LawfulBasis.objects.filter(code=said.pop("lawful_basis")).first()
            if basis is None:
                raise Invalid(lawful_basis="There is no such lawful basis")
            row = actions.propose(
                person=person,
                agency=agency,
                worker_id=names.worker_named(worker) if worker else None,
                lawful_basis=basis,
                by=self.member,
                **said,
            )
            return str(row.pk)

        return self.write(act, show, _address)


class SharingDecisionView(MemberView):
    """One sharing decision."""

    @extend_schema(**shows(DecisionSchema, "sharing_decisions_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show a decision."""
        return self.shown(show(self.member, row_id))


class ApprovalView(MemberView):
    """The second user's word on a proposed share."""

    @extend_schema(**creates(ApprovalInput, DecisionSchema, "sharing_decisions_approve"))
    def post(self, request: Request, row_id: str) -> Response:
        """Approve, which opens the share at this instant, or refuse."""
        said = self.said(ApprovalInput)
        row = load(self.member, row_id)

        def act() -> str:
            decide = actions.approve if said["approve"] else actions.refuse
            decide(decision=row, reason=said.get("reason", ""), by=self.member)
            return str(row.pk)

        return self.write(act, show, _address)


class DecisionEndingView(MemberView):
    """The end of a share before its time."""

    @extend_schema(**creates(NothingInput, DecisionSchema, "sharing_decisions_end"))
    def post(self, request: Request, row_id: str) -> Response:
        """End a share at this instant."""
        self.said(NothingInput)
        row = load(self.member, row_id)

        def act() -> str:
            actions.end(decision=row, by=self.member)
            return str(row.pk)

        return self.write(act, show, _address)
