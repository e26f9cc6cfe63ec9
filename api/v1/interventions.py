"""`interventions/`: what was done, in full or as a locked entry."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member
from access.reading import Sight
from api import fields, names
from api.schema import AgencySchema, WorkerSchema, creates, edits, lists, shows
from api.v1.records import Records, locked
from api.views import MemberView
from casework.actions import intervention as actions
from casework.enums import Attendance, Mode
from casework.models import Intervention, KindOfIntervention
from core.clock import LONDON
from core.errors import Invalid
from core.prepared import Prepared
from people import queries


class InterventionInput(fields.Strict):
    """One contact or piece of work."""

    person = fields.Reference()
    categories = fields.Categories(min_length=1)
    kind = fields.Words(max_length=50, help_text="Code of the kind of intervention.")
    at = fields.Moment()
    minutes = fields.WholeNumber(min_value=0, max_value=24 * 60)
    attendance = fields.Choice(choices=Attendance.choices)
    mode = fields.Choice(choices=Mode.choices, required=False)
    place = fields.Words(max_length=150, required=False)
    worker_came = fields.YesNo(required=False)
    note = fields.Words(required=False)
    next_step = fields.Words(max_length=300, required=False)
    next_on = fields.Day(required=False, allow_null=True)


class AmendmentInput(fields.Strict):
    """The words of what you logged, corrected."""

    note = fields.Words(required=False)
    next_step = fields.Words(max_length=300, required=False)


class InterventionSchema(serializers.Serializer):
    """An intervention. Locked: its date, and nothing else."""

    id = serializers.UUIDField()
    date = serializers.DateField()
    locked = serializers.BooleanField()
    person = serializers.CharField(required=False)
    case = serializers.CharField(required=False)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES), required=False
    )
    kind = serializers.CharField(required=False)
    at = serializers.DateTimeField(required=False)
    minutes = serializers.IntegerField(required=False)
    attendance = serializers.ChoiceField(choices=Attendance.choices, required=False)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    place = serializers.CharField(required=False, allow_blank=True)
    worker_came = serializers.BooleanField(required=False)
    note = serializers.CharField(required=False, allow_blank=True)
    next_step = serializers.CharField(required=False, allow_blank=True)
    next_on = serializers.DateField(required=False, allow_null=True)
    agency = AgencySchema(required=False)
    logged_by = WorkerSchema(required=False)
    logged_at = serializers.DateTimeField(required=False)


_WORDS = (
    *("at", "minutes", "attendance", "mode", "place", "worker_came", "note"),
    *("next_step", "next_on", "logged_at"),
)


def project(row: Intervention, sight: Sight) -> dict[str, Any]:
    """An intervention in full when all its categories are visible, else locked."""
    day = row.at.astimezone(LONDON).date()
    if not sight.shows(*row.categories):
        return locked(row, day)
    return {
        "id": row.pk,
        "date": day,
        "locked": False,
        "person": row.person.reference,
        "case": row.case.reference,
        "categories": names.names(row.categories),
        "kind": row.kind.code,
        "agency": names.agency(row.agency),
        "logged_by": names.worker(row.logged_by),
        **{name: getattr(row, name) for name in _WORDS},
    }


INTERVENTIONS = Records(
    Intervention, ("person", "case", "kind", "agency", "logged_by"), lambda row: row.categories
)


def show(member: Member, row_id: str) -> dict[str, Any]:
    """The intervention as the member sees it. Raises NotVisible."""
    return project(*INTERVENTIONS.load(member, row_id))


def kind_coded(code: str) -> KindOfIntervention:
    """The kind of intervention with this code. Raises Invalid."""
    found = next(iter(_KINDS.instances(code=code)), None)
    if found is None:
        raise Invalid(kind="There is no such kind of intervention")
    return found


_KINDS = Prepared(
    lambda code: KindOfIntervention.objects.filter(code=code, is_active=True).order_by(), code=str
)


class InterventionsView(MemberView):
    """Interventions of which you see at least a part."""

    @extend_schema(**lists(InterventionSchema, "interventions_list"))
    def get(self, request: Request) -> Response:
        """List interventions: in full, or locked when you see only some of their categories."""
        page, seen = INTERVENTIONS.page(request, self.member)
        return Response(page.answer([project(row, seen[row.person_id]) for row in page.rows]))

    @extend_schema(**creates(InterventionInput, InterventionSchema, "interventions_log"))
    def post(self, request: Request) -> Response:
        """Log one contact or piece of work."""
        said = self.said(InterventionInput)

        def act() -> str:
            person = queries.load(self.member, said.pop("person")).person
            kind = kind_coded(said.pop("kind"))
            return str(actions.log(person=person, kind=kind, by=self.member, **said).pk)

        return self.write(act, show, lambda name: reverse("api:intervention", args=[name]))


class InterventionView(MemberView):
    """One intervention."""

    @extend_schema(**shows(InterventionSchema, "interventions_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show an intervention."""
        return self.shown(show(self.member, row_id))

    @extend_schema(**edits(AmendmentInput, InterventionSchema, "interventions_amend"))
    def patch(self, request: Request, row_id: str) -> Response:
        """Correct the words of what you logged. Needs If-Match."""
        said = self.said(AmendmentInput)
        row, _ = INTERVENTIONS.load(self.member, row_id)

        def lock() -> None:
            nonlocal row
            row, _ = INTERVENTIONS.load(self.member, row_id, lock=True)

        def act() -> None:
            words = {"note": row.note, "next_step": row.next_step} | said
            actions.amend(intervention=row, version=None, by=self.member, **words)

        return self.edit(str(row.pk), lock=lock, show=show, act=act)
