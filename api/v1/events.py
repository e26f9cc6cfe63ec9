"""`events/`: what happened in a life, with the part played in that event alone."""

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
from api.schema import AgencySchema, WorkerSchema, creates, lists, shows
from api.v1.records import Records, locked
from api.views import MemberView
from casework.actions import intervention as actions
from casework.enums import EventKind, PartPlayed
from casework.models import LifeEvent
from people import queries


class EventInput(fields.Strict):
    """Something that happened, and where it is known from."""

    person = fields.Reference()
    categories = fields.Categories(min_length=1)
    kind = fields.Choice(choices=EventKind.choices)
    on = fields.Day()
    what = fields.Words(max_length=500)
    source = fields.Words(max_length=200)  # type: ignore[assignment]
    part = fields.Choice(choices=PartPlayed.choices, required=False)


class EventSchema(serializers.Serializer):
    """An event. Locked: its date, and nothing else."""

    id = serializers.UUIDField()
    date = serializers.DateField()
    locked = serializers.BooleanField()
    person = serializers.CharField(required=False)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES), required=False
    )
    kind = serializers.ChoiceField(choices=EventKind.choices, required=False)
    what = serializers.CharField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    part = serializers.ChoiceField(choices=PartPlayed.choices, required=False)
    agency = AgencySchema(required=False)
    recorded_by = WorkerSchema(required=False)
    recorded_at = serializers.DateTimeField(required=False)


def project(row: LifeEvent, sight: Sight) -> dict[str, Any]:
    """An event in full when all its categories are visible, else locked."""
    if not sight.shows(*row.categories):
        return locked(row, row.on)
    return {
        "id": row.pk,
        "date": row.on,
        "locked": False,
        "person": row.person.reference,
        "categories": names.names(row.categories),
        "kind": row.kind,
        "what": row.what,
        "source": row.source,
        "part": row.part,
        "agency": names.agency(row.agency),
        "recorded_by": names.worker(row.recorded_by),
        "recorded_at": row.recorded_at,
    }


EVENTS = Records(LifeEvent, ("person", "agency", "recorded_by"), lambda row: row.categories)


def show(member: Member, row_id: str) -> dict[str, Any]:
    """The event as the member sees it. Raises NotVisible."""
    return project(*EVENTS.load(member, row_id))


class EventsView(MemberView):
    """Events of which you see at least a part."""

    @extend_schema(**lists(EventSchema, "events_list"))
    def get(self, request: Request) -> Response:
        """List events: in full, or locked when you see only some of their categories."""
        page, seen = EVENTS.page(request, self.member)
        return Response(page.answer([project(row, seen[row.person_id]) for row in page.rows]))

    @extend_schema(**creates(EventInput, EventSchema, "events_record"))
    def post(self, request: Request) -> Response:
        """Record something that happened."""
        said = self.said(EventInput)

        def act() -> str:
            person = queries.load(self.member, said.pop("person")).person
            return str(actions.record_event(person=person, by=self.member, **said).pk)

        return self.write(act, show, lambda name: reverse("api:event", args=[name]))


class EventView(MemberView):
    """One event."""

    @extend_schema(**shows(EventSchema, "events_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show an event."""
        return self.shown(show(self.member, row_id))
