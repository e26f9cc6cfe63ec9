"""The content that an auditor reads while it is open to them, part by part, each recorded."""

from __future__ import annotations

from typing import Any

from access.actor import Member
from access.categories import LABELS, Category
from access.reading import sight, state_purpose
from casework.models import Case
from casework.queries import record
from oversight.models import SampleOpening
from oversight.names import moment
from people.models import YoungPerson


def content_of(actor: Member, opened: SampleOpening) -> dict[str, Any]:
    """What the rule shows the auditor of this person now; the reason goes on the access record.

    Raises NotVisible once nothing is open any more.
    """
    seen = sight(actor, opened.person_id)
    person = YoungPerson.objects.visible_to(actor).get(pk=opened.person_id)
    state_purpose(person.pk, f"Audit: {opened.reason}")
    case = Case.objects.visible_to(actor).filter(person=person).order_by("-opened_at").first()
    plan = record.plan_of(actor, case) if case else None
    visible = seen.answer.visible
    return {
        "person": person,
        "visible": [category.value for category in visible],
        "shared": [LABELS[category] for category in Category if category in visible],
        "ends": moment(opened.ends),
        "reason": opened.reason,
        "identity": seen.shows(Category.IDENTITY),
        "identifiers": record.identifiers(actor, seen),
        "contact_points": record.contact_points(actor, seen),
        "safety_plan": record.safety_plan(actor, seen),
        "components": [
            part for part in (record.components(actor, seen, plan) if plan else []) if part.visible
        ],
        "family": record.family(actor, seen),
        "entries": record.entries(actor, seen, limit=100),
    }
