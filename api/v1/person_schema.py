"""A person's shape, for the schema. A category that is hidden is absent."""

from __future__ import annotations

from rest_framework import serializers

from api.fields import CATEGORY_CHOICES
from api.schema import AgencySchema, WorkerSchema
from people.enums import (
    ContactKind,
    Ethnicity,
    EthnicitySource,
    IdentifierScheme,
    RelationshipKind,
)
from tasking.enums import TaskState


class LeadWorkerSchema(WorkerSchema):
    """The lead worker, and how to reach them."""

    phone = serializers.CharField(allow_blank=True)


class PointerSchema(serializers.Serializer):
    """Who it is, and whom to ask."""

    given_name = serializers.CharField()
    family_name = serializers.CharField(allow_blank=True)
    known_as = serializers.CharField(allow_blank=True)
    provisional = serializers.BooleanField()
    case = serializers.CharField(allow_null=True)
    lead_agency = AgencySchema(allow_null=True)
    lead_worker = LeadWorkerSchema(allow_null=True)


class IdentifierSchema(serializers.Serializer):
    """A number by which another system knows the person."""

    scheme = serializers.ChoiceField(choices=IdentifierScheme.choices)
    value = serializers.CharField()


class IdentitySchema(serializers.Serializer):
    """Who the person is."""

    date_of_birth = serializers.DateField(allow_null=True)
    pronouns = serializers.CharField(allow_blank=True)
    ethnicity = serializers.ChoiceField(choices=Ethnicity.choices, allow_blank=True)
    ethnicity_source = serializers.ChoiceField(choices=EthnicitySource.choices)
    languages = serializers.ListField(child=serializers.CharField())
    interpreter_needed = serializers.BooleanField()
    needs = serializers.CharField(allow_blank=True)
    strengths = serializers.CharField(allow_blank=True)
    borough = serializers.CharField(allow_blank=True)
    identifiers = IdentifierSchema(many=True)
    agencies_involved = AgencySchema(many=True)


class WayOfContactSchema(serializers.Serializer):
    """One way to make contact."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ContactKind.choices)
    value = serializers.CharField()
    is_safe = serializers.BooleanField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ContactSchema(serializers.Serializer):
    """How to make contact, safely."""

    ways = WayOfContactSchema(many=True)


class SafetyPlanSchema(serializers.Serializer):
    """The safety plan."""

    dangers = serializers.CharField(allow_blank=True)
    unsafe_places = serializers.CharField(allow_blank=True)
    safe_places = serializers.CharField(allow_blank=True)
    what_helps = serializers.CharField(allow_blank=True)
    whom_to_call = serializers.CharField(allow_blank=True)
    review_on = serializers.DateField()
    written_at = serializers.DateTimeField()


class SafetySchema(serializers.Serializer):
    """What keeps the person safe."""

    plan = SafetyPlanSchema(allow_null=True)


class GoalLineSchema(serializers.Serializer):
    """A goal in a component."""

    id = serializers.UUIDField()
    own_words = serializers.CharField()
    worker_words = serializers.CharField(allow_blank=True)


class PlannedSchema(serializers.Serializer):
    """Something planned in a component."""

    id = serializers.UUIDField()
    what = serializers.CharField()
    who = serializers.CharField(allow_blank=True)
    by_when = serializers.DateField(allow_null=True)


class ComponentSchema(serializers.Serializer):
    """One of the eight components of the plan."""

    in_use = serializers.BooleanField()
    own_name = serializers.CharField(allow_blank=True)
    goals = GoalLineSchema(many=True)
    planned = PlannedSchema(many=True)


class OffendingSchema(ComponentSchema):
    """Offending behaviour, with PNC numbers."""

    pnc = serializers.ListField(child=serializers.CharField())


class RelativeSchema(serializers.Serializer):
    """Somebody in the family."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=RelationshipKind.choices)
    same_household = serializers.BooleanField()
    parental_responsibility = serializers.BooleanField(allow_null=True)
    main_carer = serializers.BooleanField()
    needs = serializers.CharField(allow_blank=True)


class FamilySchema(ComponentSchema):
    """Family, with its members."""

    relatives = RelativeSchema(many=True)


class TaskLineSchema(serializers.Serializer):
    """An open task."""

    id = serializers.UUIDField()
    what = serializers.CharField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices=TaskState.choices)


class TasksSchema(serializers.Serializer):
    """Open tasks."""

    tasks = TaskLineSchema(many=True)


class NothingSchema(serializers.Serializer):
    """Nothing of its own: what there is stands among interventions and events."""


class PersonSchema(serializers.Serializer):
    """A person: one object for each category that you see."""

    reference = serializers.CharField()
    visible = serializers.ListField(child=serializers.ChoiceField(choices=CATEGORY_CHOICES))
    pointer = PointerSchema()
    identity = IdentitySchema(required=False)
    contact = ContactSchema(required=False)
    safety = SafetySchema(required=False)
    education = NothingSchema(required=False)
    exiting_gang = ComponentSchema(required=False)
    harm = ComponentSchema(required=False)
    offending = OffendingSchema(required=False)
    housing = ComponentSchema(required=False)
    health = ComponentSchema(required=False)
    relationships = ComponentSchema(required=False)
    family = FamilySchema(required=False)
    employment = ComponentSchema(required=False)
    clinical = NothingSchema(required=False)
    tasking = TasksSchema(required=False)
    enforcement = TasksSchema(required=False)


class AlertSchema(serializers.Serializer):
    """A message for the lead worker: its words are shown to those who see safety."""

    id = serializers.UUIDField()
    person = serializers.CharField()
    raised_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    message = serializers.CharField(required=False)
    callback = serializers.CharField(required=False, allow_blank=True)
