"""`access-records/`: who looked, for auditors and for the lead worker; never what they saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member
from access.categories import Category, from_bits
from access.reading import Sight, sights
from access.roles import Role
from agencies.models import Agency, User
from agencies.queries import require
from api import fields, names
from api.pagination import paginate
from api.schema import AgencySchema, WorkerSchema, lists
from api.views import MemberView
from audit import trail
from audit.models import AccessRecord
from casework.models import LeadPeriod
from core.periods import live
from oversight import scope
from people import queries
from sharing.registers import in_own_period


class AccessRecordSchema(serializers.Serializer):
    """One response that showed content of one person."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    person = serializers.CharField()
    by = WorkerSchema(allow_null=True)
    agency = AgencySchema(allow_null=True)
    role = serializers.CharField(allow_blank=True)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES)
    )
    purpose = serializers.CharField(allow_blank=True)
    route = serializers.CharField(allow_blank=True)


def _rows(member: Member) -> Any:
    """To an auditor reads in their agency's period; to a lead worker those of whom they lead."""
    if member.role is Role.AUDITOR:
        require(member, "view_registers")
        # Beginning as the register does: of a long trail most is about other agencies' people.
        return scope.reads(member).filter(in_own_period(member))
    led = LeadPeriod.objects.visible_to(member).filter(
        live(), worker_id=member.user_id, agency_id=member.agency_id
    )
    return AccessRecord.objects.filter(Q(person_id__in=led.order_by().values("person_id")))


def _may_know(member: Member, sight: Sight) -> bool:
    if member.role is Role.AUDITOR:
        return sight.answer.auditable
    return sight.sees(Category.IDENTITY) and sight.may_write(Category.POINTER)


def _projected(
    rows: Sequence[AccessRecord], references: dict[Any, str], member: Member
) -> list[dict[str, Any]]:
    # An auditor sees that a purpose was stated: its words may hold a name.
    stated = [row.pk for row in rows if row.purpose and member.role is not Role.AUDITOR]
    words = trail.purposes(stated) if stated else {}
    users = User.objects.in_bulk({row.user_id for row in rows if row.user_id})
    agencies = Agency.objects.in_bulk({row.agency_id for row in rows if row.agency_id})
    return [
        {
            "id": row.pk,
            "at": row.at,
            "person": references[row.person_id],
            "by": names.worker(users.get(row.user_id)),
            "agency": names.agency(agencies.get(row.agency_id)),
            "role": row.role,
            "categories": names.names(from_bits(row.categories)),
            "purpose": words.get(row.pk, "stated" if row.purpose else ""),
            "route": row.route,
        }
        for row in rows
    ]


class AccessRecordsView(MemberView):
    """Reads of people who are auditable to you, or on whom you lead."""

    @extend_schema(**lists(AccessRecordSchema, "access_records_list"))
    def get(self, request: Request) -> Response:
        """List reads: by reference, without names of young people and without content."""
        references: dict[Any, str] = {}

        def keep(rows: Sequence[AccessRecord]) -> list[AccessRecord]:
            seen = sights(self.member, {row.person_id for row in rows if row.person_id})
            known = {key: sight for key, sight in seen.items() if _may_know(self.member, sight)}
            references.update(queries.references(known))
            return [row for row in rows if row.person_id in known]

        page = paginate(request, _rows(self.member), keep)
        return Response(page.answer(_projected(page.rows, references, self.member)))
