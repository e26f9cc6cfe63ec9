"""What changed since the last meeting, told from the trail of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from access.actor import Member
from access.categories import NONE, from_bits
from access.reading import sights
from audit.models import Event
from people.models import YoungPerson

WORDS: dict[str, str] = {
    "referral.made": "New referral",
    "referral.accepted": "Referral accepted",
    "case.opened": "Case opened",
    "lead.assigned": "Lead worker assigned",
    "event.recorded": "Something happened",
    "safety_plan.written": "Safety plan changed",
    "intervention.logged": "Contact logged",
    "goal.reached": "Goal reached",
    "task.done": "Task done",
    "task.blocked": "Task blocked",
    "consent.recorded": "Consent recorded",
    "consent.withdrawn": "Consent withdrawn",
    "alert.raised": "Message for the lead worker",
    "step_down.proposed": "Step-down proposed",
    "case.closed": "Case closed",
}
"""The verbs that a meeting wants to hear of, and their words."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about one person since the last meeting."""

    person: YoungPerson
    words: Sequence[str]
    at: datetime


def since(actor: Member, moment: datetime, most: int = 40) -> list[Change]:
    """What changed since a moment about people whose tasking the actor sees.

    An event whose categories the actor does not see in full is left out.
    """
    found: dict[object, list[Event]] = {}
    people = YoungPerson.objects.visible_to(actor)
    events = Event.objects.filter(
        at__gt=moment, verb__in=list(WORDS), person_id__in=people.values("pk")
    ).order_by("-at", "-id")[:400]
    for event in events:
        found.setdefault(event.person_id, []).append(event)
    rows = {person.pk: person for person in people.filter(pk__in=list(found))}
    seen = sights(actor, rows)
    changes = []
    for person_id, listed in found.items():
        look = seen[person_id]  # type: ignore[index]
        known = [
            event
            for event in listed
            if (from_bits(event.categories) or NONE) <= look.answer.visible
        ]
        if known and look.shows("tasking"):
            words = dict.fromkeys(WORDS[event.verb] for event in known)
            # The time is that of what is told, not of what is hidden.
            changes.append(Change(rows[person_id], list(words), known[0].at))  # type: ignore[index]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:most]
