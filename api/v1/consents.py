"""`consents/`: who agreed, to whom seeing what, until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.categories import Category
from access.reading import Sight, sights
from api import fields, names
from api.schema import AgencySchema, WorkerSchema, creates, errors, lists, shows
from api.v1 import knowledge, records
from api.views import MemberView
from core.clock import instant
from core.errors import Conflict
from people import queries
from sharing import fhir, foresight
from sharing import queries as sharing
from sharing.actions import consent as actions
from sharing.enums import Channel, Competence, ConsentPlace, Giver, Purpose, Responsibility
from sharing.models import Consent, ConsentLine
from sharing.rules import Line


class LineInput(fields.Strict):
    """One recipient: what they may see, and until when."""

    agency = fields.AgencyName()
    worker = fields.WorkerName(required=False, allow_null=True)
    categories = fields.Categories(min_length=1)
    until = fields.Moment()
    whole_agency_reason = fields.Words(max_length=300, required=False)


class ConsentInput(fields.Strict):
    """A conversation in which consent was given."""

    person = fields.Reference()
    lines = serializers.ListField(child=LineInput(), min_length=1, max_length=20)
    giver = fields.Choice(choices=Giver.choices)
    giver_name = fields.Words(max_length=150, required=False)
    replace = fields.YesNo(
        required=False,
        default=False,
        help_text="Take the place of what the same recipients had by consent before.",
    )
    competence = fields.Choice(choices=Competence.choices)
    competence_reasons = fields.Words(required=False)
    language = fields.Words(max_length=60, required=False, allow_blank=False)
    parental_responsibility = fields.Choice(choices=Responsibility.choices, required=False)
    channel = fields.Choice(choices=Channel.choices)
    place = fields.Choice(choices=ConsentPlace.choices)
    purposes = serializers.ListField(
        child=fields.Choice(choices=Purpose.choices), min_length=1, max_length=len(Purpose)
    )


class WithdrawalInput(fields.Strict):
    """What the young person said, and which line they withdraw; none: all of them."""

    words = fields.Words(required=False)
    channel = fields.Choice(choices=Channel.choices, required=False)
    line = serializers.UUIDField(required=False, allow_null=True)
    mark = fields.Words(
        max_length=64,
        required=False,
        allow_blank=False,
        help_text="Of the preview that was shown: 409 when it would no longer be the same.",
    )


class LosingSchema(serializers.Serializer):
    """People of one agency who lose the same."""

    who = serializers.CharField()
    agency = serializers.CharField()
    categories = serializers.CharField(allow_blank=True)
    nothing_left = serializers.BooleanField()


class MovingSchema(serializers.Serializer):
    """An open task and who gets it; the words only to who may read them."""

    words = serializers.CharField(allow_blank=True)
    was = serializers.CharField()
    will_be = serializers.CharField()


class HoldingSchema(serializers.Serializer):
    """Somebody who has read it, and may hold a copy."""

    who = serializers.CharField()
    categories = serializers.CharField()
    when = serializers.DateTimeField()
    ways = serializers.CharField(allow_blank=True)


class StayingSchema(serializers.Serializer):
    """What goes on on another basis."""

    who = serializers.CharField()
    why = serializers.CharField()
    categories = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class PreviewSchema(serializers.Serializer):
    """What a withdrawal would do now."""

    mark = serializers.CharField()
    losing = LosingSchema(many=True)
    without_effect = serializers.ListField(child=serializers.CharField())
    moving = MovingSchema(many=True)
    holding = HoldingSchema(many=True)
    staying = StayingSchema(many=True)


class LineSchema(serializers.Serializer):
    """One recipient."""

    id = serializers.UUIDField()
    agency = AgencySchema()
    worker = WorkerSchema(allow_null=True)
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=fields.CATEGORY_CHOICES)
    )
    until = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ConsentSchema(serializers.Serializer):
    """A consent: in full to those who answer for the person, to a recipient their own lines."""

    id = serializers.UUIDField()
    person = serializers.CharField()
    given_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    lines = LineSchema(many=True)
    giver = serializers.ChoiceField(choices=Giver.choices, required=False)
    giver_name = serializers.CharField(required=False, allow_blank=True)
    competence = serializers.ChoiceField(choices=Competence.choices, required=False)
    competence_reasons = serializers.CharField(required=False, allow_blank=True)
    wording_version = serializers.CharField(required=False)
    language = serializers.CharField(required=False)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    place = serializers.ChoiceField(choices=ConsentPlace.choices, required=False)
    purposes = serializers.ListField(
        child=serializers.ChoiceField(choices=Purpose.choices), required=False
    )
    recorded_by = WorkerSchema(required=False)
    parental_responsibility = serializers.CharField(required=False, allow_blank=True)
    warned = serializers.ListField(child=serializers.CharField(), required=False)
    withdrawal_words = serializers.CharField(required=False, allow_blank=True)


_WORDS = (
    *("giver", "giver_name", "competence", "competence_reasons", "wording_version", "language"),
    *("channel", "place", "purposes", "withdrawal_words"),
    *("parental_responsibility", "warned"),
)


def bodies(
    member: Member, rows: Sequence[Consent], seen: Mapping[UUID, Sight] | None = None
) -> dict[Any, dict[str, Any]]:
    """By key: each of these consents as the member may know of it; others are left out.

    Notes what is shown.
    """
    if seen is None:
        seen = sights(member, {row.person_id for row in rows})
    leads = knowledge.lead_agencies(seen)
    lines = defaultdict(list)
    for line in (
        ConsentLine.objects.of(seen, Category.POINTER)
        .filter(consent_id__in=[row.pk for row in rows])
        .select_related("agency", "worker")
        .order_by("agency__name", "pk")
    ):
        lines[line.consent_id].append(line)
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        sight = seen[row.person_id]
        everything = knowledge.knows_all(member, sight, leads.get(row.person_id))
        known = [
            line
            for line in lines[row.pk]
            if everything or knowledge.names_own(member, line.agency_id, line.worker_id)
        ]
        if not known:
            continue
        body: dict[str, Any] = {
            "id": row.pk,
            "person": row.person.reference,
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
            "lines": [_line(line) for line in known],
        }
        if everything and sight.shows(Category.IDENTITY):
            body |= {name: getattr(row, name) for name in _WORDS}
            body["recorded_by"] = names.worker(row.recorded_by)
        found[row.pk] = body
    return found


def _line(row: ConsentLine) -> dict[str, Any]:
    return {
        "id": row.pk,
        "agency": names.agency(row.agency),
        "worker": names.worker(row.worker),
        "categories": names.names(row.categories),
        "until": row.until,
        "ended_at": row.ended_at,
    }


def _rows(member: Member) -> Any:
    """Consents of visible people, those of others cut to what names the member's agency."""
    return _whole(knowledge.narrowed(member, Consent.objects.visible_to(member), "lines__"))


def _known_to(member: Member, rows: Any, seen: Mapping[UUID, Sight]) -> Any:
    """The same among rows about people of whom it is known what the member sees."""
    whole = Q(person_id__in=knowledge.known_whole(member, seen))
    return _whole(rows.filter(whole | knowledge.own(member, "lines__")))


def _whole(rows: Any) -> Any:
    return rows.select_related("person", "recorded_by").distinct()


def load(member: Member, row_id: str) -> Consent:
    """A consent of which the member may know. Raises NotVisible."""
    found: Consent | None = _rows(member).filter(pk=names.row_id(row_id)).first()
    if found is None or not bodies(member, [found]):
        raise NotVisible
    return found


def show(member: Member, row_id: str) -> dict[str, Any]:
    """The consent as the member may know of it. Raises NotVisible."""
    row = _rows(member).filter(pk=names.row_id(row_id)).first()
    body = bodies(member, [row]).get(row.pk) if row else None
    if body is None:
        raise NotVisible
    return body


def _address(name: str) -> str:
    return reverse("api:consent", args=[name])


class ConsentsView(MemberView):
    """Consents of which you may know."""

    @extend_schema(**lists(ConsentSchema, "consents_list"))
    def get(self, request: Request) -> Response:
        """List consents: all of people you answer for, else those that name your agency."""
        page = records.page_of_known(request, self.member, Consent, _known_to, bodies)
        return Response(page)

    @extend_schema(**creates(ConsentInput, ConsentSchema, "consents_record"))
    def post(self, request: Request) -> Response:
        """Record consent: each line opens its categories to its recipient at once."""
        said = self.said(ConsentInput)

        def act() -> str:
            person = queries.load(self.member, said.pop("person")).person
            lines = [_asked(line) for line in said.pop("lines")]
            return str(actions.record(person=person, lines=lines, by=self.member, **said).pk)

        return self.write(act, show, _address)


class ConsentView(MemberView):
    """One consent."""

    @extend_schema(**shows(ConsentSchema, "consents_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show a consent."""
        return self.shown(show(self.member, row_id))


_PREVIEW = shows(PreviewSchema, "consents_preview_withdrawal")
_PREVIEW["parameters"] = [
    *_PREVIEW["parameters"],
    OpenApiParameter("line", OpenApiTypes.UUID, description="One line of it; none: all."),
]


class FhirView(MemberView):
    """A consent as FHIR R4."""

    @extend_schema(
        operation_id="consents_fhir",
        responses={
            (200, "application/fhir+json"): OpenApiTypes.OBJECT,
            **errors(401, 403, 404),
        },
    )
    def get(self, request: Request, row_id: str) -> Response:
        """Show a consent as a FHIR R4 resource: pseudonymous, cut to what you may know."""
        known = show(self.member, row_id)
        starts = dict(
            ConsentLine.objects.visible_to(self.member)
            .filter(consent_id=known["id"])
            .values_list("pk", "involvement__starts")
        )
        lines = [{**line, "starts": starts[line["id"]]} for line in known["lines"]]
        return Response(
            fhir.consent({**known, "lines": lines}, now=instant()),
            content_type="application/fhir+json",
        )


class WithdrawalView(MemberView):
    """The withdrawal of a consent."""

    @extend_schema(**_PREVIEW)
    def get(self, request: Request, row_id: str) -> Response:
        """Show what the withdrawal would do. For those who answer for the person."""
        consent, sight = sharing.load_consent(self.member, names.row_id(row_id))
        lines = sharing.open_lines(self.member, consent)
        wanted = request.query_params.get("line")
        line = next((row for row in lines if str(row.pk) == wanted), None)
        if wanted is not None and line is None:
            raise NotVisible
        if not lines:
            raise Conflict("This consent has been withdrawn already.")
        found = asdict(foresight.preview(sharing.withdrawal_plan(consent, line, lines), sight))
        return self.shown(PreviewSchema(found).data)

    @extend_schema(**creates(WithdrawalInput, ConsentSchema, "consents_withdraw"))
    def post(self, request: Request, row_id: str) -> Response:
        """Withdraw a consent, or one line of it: nothing opens by it from this instant."""
        said = self.said(WithdrawalInput)
        row = load(self.member, row_id)

        def act() -> str:
            line = None
            if said.get("line") is not None:
                line = (
                    ConsentLine.objects.visible_to(self.member)
                    .filter(consent_id=row.pk, pk=said["line"])
                    .first()
                )
                if line is None:
                    raise NotVisible
            actions.withdraw(
                consent=row,
                words=said.get("words", ""),
                channel=said.get("channel", ""),
                line=line,
                expected=said.get("mark"),
                by=self.member,
            )
            return str(row.pk)

        return self.write(act, show, _address)


def _asked(line: dict[str, Any]) -> Line:
    worker = line.get("worker")
    return Line(
        agency_id=names.agency_named(line["agency"]).pk,
        worker_id=names.worker_named(worker) if worker else None,
        categories=line["categories"],
        until=line["until"],
        whole_agency_reason=line.get("whole_agency_reason", ""),
    )
