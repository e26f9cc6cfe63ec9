"""`tasks/`: who does what by when."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.reading import Sight
from api import fields, names
from api.schema import AgencySchema, WorkerSchema, creates, lists, shows
from api.v1.records import Records
from api.views import MemberView
from people import queries
from tasking.actions import task as actions
from tasking.enums import TaskKind, TaskState
from tasking.models import Task

ANSWERS = [pair for pair in TaskState.choices if pair[0] != TaskState.SET]


class TaskInput(fields.Strict):
    """One thing to do; its owner sees it, and what is ticked in `also`, until it is done."""

    person = fields.Reference()
    what = fields.Words(max_length=300)
    owner = fields.WorkerName()
    owner_agency = fields.AgencyName()
    due_on = fields.Day()
    kind = fields.Choice(choices=TaskKind.choices, required=False)
    also = fields.Categories(required=False)


class TaskAnswerInput(fields.Strict):
    """What the owner says of a task; a blocked one says by what."""

    state = fields.Choice(choices=ANSWERS)
    words = fields.Words(max_length=500, required=False)


class TaskSchema(serializers.Serializer):
    """A task. When answering it ends your sight of it, only its id."""

    id = serializers.UUIDField()
    person = serializers.CharField(required=False)
    kind = serializers.ChoiceField(choices=TaskKind.choices, required=False)
    what = serializers.CharField(required=False)
    owner = WorkerSchema(required=False)
    owner_agency = AgencySchema(required=False)
    due_on = serializers.DateField(required=False)
    state = serializers.ChoiceField(choices=TaskState.choices, required=False)
    set_by = WorkerSchema(required=False)
    set_at = serializers.DateTimeField(required=False)
    closed_at = serializers.DateTimeField(required=False, allow_null=True)


def project(row: Task, sight: Sight) -> dict[str, Any]:
    """A task whose category is visible; notes that it is shown."""
    if not sight.shows(row.category):
        raise NotVisible
    return {
        "id": row.pk,
        "person": row.person.reference,
        "kind": row.kind,
        "what": row.what,
        "owner": names.worker(row.owner),
        "owner_agency": names.agency(row.owner_agency),
        "due_on": row.due_on,
        "state": row.state,
        "set_by": names.worker(row.set_by),
        "set_at": row.set_at,
        "closed_at": row.closed_at,
    }


TASKS = Records(
    Task,
    ("person", "owner", "owner_agency", "set_by"),
    lambda row: (row.category,),
)


def show(member: Member, row_id: str) -> dict[str, Any]:
    """The task as the member sees it. Raises NotVisible."""
    return project(*TASKS.load(member, row_id))


def _address(name: str) -> str:
    return reverse("api:task", args=[name])


class TasksView(MemberView):
    """Tasks that you see."""

    @extend_schema(**lists(TaskSchema, "tasks_list"))
    def get(self, request: Request) -> Response:
        """List tasks."""
        page, seen = TASKS.page(request, self.member)
        return Response(page.answer([project(row, seen[row.person_id]) for row in page.rows]))

    @extend_schema(**creates(TaskInput, TaskSchema, "tasks_set"))
    def post(self, request: Request) -> Response:
        """Set a task. For managers."""
        said = self.said(TaskInput)

        def act() -> str:
            person = queries.load(self.member, said.pop("person")).person
            row = actions.assign(
                person=person,
                owner_id=names.worker_named(said.pop("owner")),
                owner_agency_id=names.agency_named(said.pop("owner_agency"), "owner_agency").pk,
                by=self.member,
                **said,
            )
            return str(row.pk)

        return self.write(act, show, _address)


class TaskView(MemberView):
    """One task."""

    @extend_schema(**shows(TaskSchema, "tasks_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show a task."""
        return self.shown(show(self.member, row_id))


class TaskAnswerView(MemberView):
    """The answer to a task."""

    @extend_schema(**creates(TaskAnswerInput, TaskSchema, "tasks_answer"))
    def post(self, request: Request, row_id: str) -> Response:
        """Say of a task that it is accepted, done, blocked, or cancelled."""
        said = self.said(TaskAnswerInput)
        row, _ = TASKS.load(self.member, row_id)

        def act() -> str:
            actions.answer(task=row, by=self.member, **said)
            return str(row.pk)

        return self.write(act, show, _address)
