"""`referrals/`: made, received, decided."""

from __future__ import annotations

from collections.abc import Mapping
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
from api.pagination import paginate_by_person, rows_of
from api.schema import AgencySchema, WorkerSchema, creates, lists, shows
from api.views import MemberView
from casework.actions import opening
from casework.enums import COMPONENT_CHOICES
from core.ids import tidy_reference
from directory.models import Service
from referrals.actions import referral as actions
from referrals.enums import DeclineReason, Door, Known, ReferralState
from referrals.models import Referral


class ComponentsField(fields.Categories):
    """Components of the plan, by name."""

    child = fields.Choice(choices=COMPONENT_CHOICES)


class ReferralInput(fields.Strict):
    """A request for help."""

    sent_to = fields.AgencyName()
    given_name = fields.Words(max_length=100)
    family_name = fields.Words(max_length=100, required=False)
    known_as = fields.Words(max_length=100, required=False)
    date_of_birth = fields.Day(required=False, allow_null=True)
    borough = fields.Words(max_length=9, required=False)
    door = fields.Choice(choices=Door.choices)
    referrer_contact = fields.Words(max_length=200, required=False)
    why_now = fields.Words()
    wants = fields.Words(required=False)
    knows = fields.Choice(choices=Known.choices)
    agrees = fields.Choice(choices=Known.choices)
    safe_contact = fields.Words(required=False)
    immediate_danger = fields.Words(required=False)
    release_on = fields.Day(required=False, allow_null=True)
    components = ComponentsField(required=False, min_length=1)


class ReferralDecisionInput(fields.Strict):
    """What is decided on a referral. Accepting opens a case; declining says where else to go."""

    accept = fields.YesNo()
    age_reason = fields.Words(required=False)
    decline_reason = fields.Choice(choices=DeclineReason.choices, required=False)
    note = fields.Words(required=False)
    pointed_to = fields.Words(max_length=200, required=False)
    service = serializers.UUIDField(required=False)
    next_contact = fields.Words(max_length=200, required=False)


class ReferralSchema(serializers.Serializer):
    """A referral; what belongs to hidden categories is absent."""

    reference = serializers.CharField()
    person = serializers.CharField()
    sent_to = AgencySchema()
    state = serializers.ChoiceField(choices=ReferralState.choices)
    received_at = serializers.DateTimeField()
    case = serializers.CharField(allow_null=True)
    door = serializers.ChoiceField(choices=Door.choices, required=False)
    referrer = WorkerSchema(required=False, allow_null=True)
    referrer_agency = AgencySchema(required=False, allow_null=True)
    referrer_name = serializers.CharField(required=False, allow_blank=True)
    referrer_contact = serializers.CharField(required=False, allow_blank=True)
    knows = serializers.ChoiceField(choices=Known.choices, required=False)
    agrees = serializers.ChoiceField(choices=Known.choices, required=False)
    decided_by = WorkerSchema(required=False, allow_null=True)
    decided_at = serializers.DateTimeField(required=False, allow_null=True)
    decline_reason = serializers.ChoiceField(
        choices=DeclineReason.choices, required=False, allow_blank=True
    )
    decision_note = serializers.CharField(required=False, allow_blank=True)
    age_reason = serializers.CharField(required=False, allow_blank=True)
    pointed_to = serializers.CharField(required=False, allow_blank=True)
    next_contact = serializers.CharField(required=False, allow_blank=True)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES), required=False
    )
    why_now = serializers.CharField(required=False)
    wants = serializers.CharField(required=False, allow_blank=True)
    safe_contact = serializers.CharField(required=False, allow_blank=True)
    immediate_danger = serializers.CharField(required=False, allow_blank=True)
    release_on = serializers.DateField(required=False, allow_null=True)


def project(member: Member, row: Referral, sight: Sight) -> dict[str, Any]:
    """A referral as the member sees it; the referrer alone sees that it was sent, and where.

    Notes what is shown.
    """
    sight.shows(Category.POINTER)
    case = getattr(row, "case", None)
    received = row.sent_to_id == member.agency_id
    body: dict[str, Any] = {
        "reference": row.reference,
        "person": row.person.reference,
        "sent_to": names.agency(row.sent_to),
        "state": row.state,
        "received_at": row.received_at,
        "case": case.reference if case and received else None,
    }
    if not received:
        return body
    if sight.shows(Category.IDENTITY):
        body |= {
            "door": row.door,
            "referrer": names.worker(row.referrer),
            "referrer_agency": names.agency(row.referrer_agency),
            "decided_by": names.worker(row.decided_by),
        }
        body |= {name: getattr(row, name) for name in _IDENTITY}
    if row.categories and sight.shows(*row.categories):
        body |= {
            "categories": names.names(row.categories),
            "why_now": row.why_now,
            "wants": row.wants,
        }
    for category, name in _SINGLE:
        if sight.shows(category):
            body[name] = getattr(row, name)
    return body


_IDENTITY = (
    *("referrer_name", "referrer_contact", "knows", "agrees", "decided_at", "decline_reason"),
    *("decision_note", "age_reason", "pointed_to", "next_contact"),
)
_SINGLE = (
    (Category.CONTACT, "safe_contact"),
    (Category.SAFETY, "immediate_danger"),
    (Category.OFFENDING, "release_on"),
)


def _known_to(member: Member, rows: Any) -> Any:
    """Referrals that the member's agency received or that the member made."""
    return rows.filter(
        Q(sent_to_id=member.agency_id) | Q(referrer_id=member.user_id)
    ).select_related("person", "sent_to", "referrer", "referrer_agency", "decided_by", "case")


def _rows(member: Member) -> Any:
    return _known_to(member, Referral.objects.visible_to(member))


def load(member: Member, reference: str) -> Referral:
    """A referral that the member may see. Raises NotVisible for any other and none alike."""
    found: Referral | None = (
        None
        if "\0" in reference
        else _rows(member).filter(reference=tidy_reference(reference)).first()
    )
    if found is None:
        raise NotVisible
    return found


def show(member: Member, reference: str) -> dict[str, Any]:
    """The referral as the member sees it. Raises NotVisible."""
    row = load(member, reference)
    return project(member, row, sights(member, [row.person_id])[row.person_id])


class ReferralsView(MemberView):
    """Referrals sent to your agency, and your own."""

    @extend_schema(**lists(ReferralSchema, "referrals_list"))
    def get(self, request: Request) -> Response:
        """List referrals sent to your agency, and those that you made."""

        def of(seen: Mapping[UUID, Sight]) -> Any:
            return _known_to(self.member, Referral.objects.of(seen, Category.POINTER))

        page, seen = paginate_by_person(request, self.member, Referral, rows_of(of))
        shown = [project(self.member, row, seen[row.person_id]) for row in page.rows]
        return Response(page.answer(shown))

    @extend_schema(**creates(ReferralInput, ReferralSchema, "referrals_make"))
    def post(self, request: Request) -> Response:
        """Make a referral. Nothing tells you whether the young person is known."""
        said = self.said(ReferralInput)

        def act() -> str:
            sent_to = names.agency_named(said.pop("sent_to"), "sent_to")
            made = actions.make(sent_to=sent_to, request=actions.Request(**said), by=self.member)
            return made.reference

        return self.write(act, show, lambda name: reverse("api:referral", args=[name]))


class ReferralView(MemberView):
    """One referral."""

    @extend_schema(**shows(ReferralSchema, "referrals_show"))
    def get(self, request: Request, reference: str) -> Response:
        """Show a referral."""
        return self.shown(show(self.member, reference))


class ReferralDecisionView(MemberView):
    """The decision on a referral."""

    @extend_schema(**creates(ReferralDecisionInput, ReferralSchema, "referrals_decide"))
    def post(self, request: Request, reference: str) -> Response:
        """Accept, which opens a case, or decline, saying why and where else to go."""
        said = self.said(ReferralDecisionInput)
        row = load(self.member, reference)

        def act() -> str:
            if said["accept"]:
                opening.accept(referral=row, age_reason=said.get("age_reason", ""), by=self.member)
            else:
                actions.decline(
                    referral=row,
                    reason=said.get("decline_reason", ""),
                    note=said.get("note", ""),
                    pointed_to=said.get("pointed_to", ""),
                    service=Service.objects.filter(pk=said.get("service")).first(),
                    next_contact=said.get("next_contact", ""),
                    by=self.member,
                )
            return row.reference

        return self.write(act, show, lambda name: reverse("api:referral", args=[name]))
