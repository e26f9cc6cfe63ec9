"""`involvements/`: who is involved with whom now, on which basis, for which categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.bases import Basis
from access.categories import Category
from access.reading import Sight, sights
from api import fields, names
from api.schema import AgencySchema, WorkerSchema, lists, shows
from api.v1 import knowledge, records
from api.views import MemberView
from core.periods import live
from sharing.enums import BASIS_CHOICES
from sharing.models import Involvement


class InvolvementSchema(serializers.Serializer):
    """One involvement."""

    id = serializers.UUIDField()
    person = serializers.CharField()
    agency = AgencySchema()
    worker = WorkerSchema(allow_null=True)
    basis = serializers.ChoiceField(choices=BASIS_CHOICES)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES)
    )
    starts = serializers.DateTimeField()
    ends = serializers.DateTimeField(allow_null=True)


def bodies(
    member: Member, rows: Sequence[Involvement], seen: Mapping[UUID, Sight] | None = None
) -> dict[Any, dict[str, Any]]:
    """By key: those of these involvements of which the member may know.

    Which other agencies are involved is identity; notes that it is shown.
    """
    if seen is None:
        seen = sights(member, {row.person_id for row in rows})
    leads = knowledge.lead_agencies(seen)
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        sight = seen[row.person_id]
        if not sight.answer.visible:
            continue
        # That there is an enforcement task is itself enforcement information.
        if row.basis == Basis.TASK and not row.categories <= sight.answer.visible:
            continue
        own = knowledge.names_own(member, row.agency_id, row.worker_id)
        if not own and not knowledge.knows_all(member, sight, leads.get(row.person_id)):
            continue
        sight.shows(Category.POINTER if own else Category.IDENTITY)
        found[row.pk] = {
            "id": row.pk,
            "person": row.person.reference,
            "agency": names.agency(row.agency),
            "worker": names.worker(row.worker),
            "basis": row.basis,
            "categories": names.names(row.categories),
            "starts": row.starts,
            "ends": row.ends,
        }
    return found


def _rows(member: Member) -> Any:
    return _whole(knowledge.narrowed(member, Involvement.objects.visible_to(member)))


def _known_to(member: Member, rows: Any, seen: Mapping[UUID, Sight]) -> Any:
    whole = Q(person_id__in=knowledge.known_whole(member, seen))
    return _whole(rows.filter(whole | knowledge.own(member)))


def _whole(rows: Any) -> Any:
    return rows.filter(live()).select_related("person", "agency", "worker")


class InvolvementsView(MemberView):
    """Involvements of which you may know."""

    @extend_schema(**lists(InvolvementSchema, "involvements_list"))
    def get(self, request: Request) -> Response:
        """List what is live now: all of people you answer for, else what opens to you."""
        page = records.page_of_known(request, self.member, Involvement, _known_to, bodies)
        return Response(page)


class InvolvementView(MemberView):
    """One involvement."""

    @extend_schema(**shows(InvolvementSchema, "involvements_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show an involvement."""
        row = _rows(self.member).filter(pk=names.row_id(row_id)).first()
        body = bodies(self.member, [row]).get(row.pk) if row else None
        if body is None:
            raise NotVisible
        return self.shown(body)
