"""`people/`: who is visible, and what of each."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.categories import Category
from access.reading import counted, sight
from api import fields, names
from api.pagination import paginate_people
from api.schema import creates, edits, lists, shows
from api.v1.person import PARTS, shown
from api.v1.person_schema import AlertSchema, PersonSchema
from api.views import MemberView
from core.clock import instant
from core.ids import tidy_reference
from people import queries
from people.actions import young_person
from people.enums import Ethnicity, EthnicitySource
from people.models import YoungPerson
from tasking.actions import alert as alerts
from tasking.models import Alert


class NameInput(fields.Strict):
    """By which names a person is found."""

    given_name = fields.Words(max_length=100, required=False, allow_blank=False)
    family_name = fields.Words(max_length=100, required=False)
    known_as = fields.Words(max_length=100, required=False)


class IdentityInput(fields.Strict):
    """Who a person is."""

    date_of_birth = fields.Day(required=False, allow_null=True)
    pronouns = fields.Words(max_length=40, required=False)
    ethnicity = fields.Choice(choices=Ethnicity.choices, required=False, allow_blank=True)
    ethnicity_source = fields.Choice(choices=EthnicitySource.choices, required=False)
    languages = serializers.ListField(
        child=fields.Words(max_length=60), max_length=20, required=False
    )
    interpreter_needed = fields.YesNo(required=False)
    needs = fields.Words(required=False)
    strengths = fields.Words(required=False)
    borough = fields.Words(max_length=9, required=False)


class PersonInput(fields.Strict):
    """What may be changed of a person, under the category to which it belongs."""

    pointer = NameInput(required=False)
    identity = IdentityInput(required=False)


class AlertInput(fields.Strict):
    """A message for the lead worker."""

    message = fields.Words(max_length=2000)
    callback = fields.Words(max_length=60, required=False)


def show(member: Member, reference: str) -> dict[str, Any]:
    """The person as the member sees them. Raises NotVisible."""
    seen = queries.load(member, reference)
    sights = {seen.person.pk: seen.sight}
    [person] = shown(member, sights, sights, PARTS.read(sights, at=instant()))
    return person.body()


class PeopleView(MemberView):
    """The people of whom anything is visible."""

    @extend_schema(**lists(PersonSchema, "people_list", counted=True))
    def get(self, request: Request) -> Response:
        """List the people whom you see, each with what you see of them.

        With `count=1` also how many they are, up to 1,000; beyond it says “1,000+”.
        """
        page, found = paginate_people(request, self.member, PARTS)
        counts = request.query_params.get("count") == "1"
        number = {"count": counted(self.member)} if counts else {}
        people = shown(self.member, page.rows, found.seen, found.content)
        return Response(page.answer([person.body() for person in people]) | number)


class PersonView(MemberView):
    """One person."""

    @extend_schema(**shows(PersonSchema, "people_show"))
    def get(self, request: Request, reference: str) -> Response:
        """Show a person: one object for each category that you see."""
        return self.shown(show(self.member, reference))

    @extend_schema(**edits(PersonInput, PersonSchema, "people_edit"))
    def patch(self, request: Request, reference: str) -> Response:
        """Change names or identity. Needs If-Match."""
        said = self.said(PersonInput)
        changes = {**said.get("pointer", {}), **said.get("identity", {})}
        if not changes:
            raise ValidationError({"": ["Say what is to change."]})
        person = queries.load(self.member, reference).person
        return self.edit(
            person.reference,
            lock=lambda: self._locked(person),
            show=show,
            act=lambda: young_person.describe(person=person, changes=changes, by=self.member),
        )

    def _locked(self, person: YoungPerson) -> None:
        locked = YoungPerson.objects.visible_to(self.member).select_for_update(of=("self",))
        if not locked.filter(pk=person.pk).exists():
            raise NotVisible


class AlertsView(MemberView):
    """Messages to a person's lead worker."""

    @extend_schema(**creates(AlertInput, AlertSchema, "people_tell_lead"))
    def post(self, request: Request, reference: str) -> Response:
        """Tell the lead worker now. It opens nothing to you; you see whether it was read."""
        said = self.said(AlertInput)
        person = queries.load(self.member, reference).person

        def act() -> str:
            return str(alerts.tell_lead(person=person, by=self.member, **said).pk)

        return self.write(
            act, show_alert, lambda name: reverse("api:alert", args=[person.reference, name])
        )


class AlertView(MemberView):
    """One message to a lead worker."""

    @extend_schema(**shows(AlertSchema, "people_show_alert"))
    def get(self, request: Request, reference: str, alert_id: str) -> Response:
        """Show whether a message has been seen."""
        body = show_alert(self.member, alert_id)
        if body["person"] != tidy_reference(reference):
            raise NotVisible
        return self.shown(body)


def show_alert(member: Member, alert_id: str) -> dict[str, Any]:
    """An alert: to its sender whether it was seen, its words to who sees safety.

    Raises NotVisible to anybody else.
    """
    row = (
        Alert.objects.visible_to(member)
        .filter(pk=names.row_id(alert_id))
        .select_related("person")
        .first()
    )
    if row is None:
        raise NotVisible
    seen = sight(member, row.person_id)
    if row.raised_by_id != member.user_id and not seen.sees(Category.SAFETY):
        raise NotVisible
    body = {
        "id": row.pk,
        "person": row.person.reference,
        "raised_at": row.raised_at,
        "seen_at": row.seen_at,
    }
    if seen.shows(Category.SAFETY):
        body |= {"message": row.message, "callback": row.callback}
    return body
