"""The registers as tables of plain words: a reference for a person, never name or content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.urls import reverse

from access.actor import Actor
from access.categories import from_bits
from agencies.enums import ROLE_LABELS
from audit.models import AccessRecord, Event
from core.clock import instant
from oversight import names, scope
from oversight.names import day, moment
from oversight.rules import AGREEMENT_SOON, EXPORTS
from oversight.sentences import deed
from oversight.telling import categories_of
from sharing.enums import DecisionKind, DecisionState
from sharing.models import Agreement, Consent, ConsentLine, Involvement, SharingDecision

COLUMNS: dict[str, list[str]] = {
    "consents": ["Given", "About", "Given by", "Shared", "Recorded by", "State"],
    "decisions": ["Proposed", "About", "Decision", "Basis", "Told", "By", "State"],
    "reads": ["When", "Who", "About", "Shown", "Page"],
    "events": ["When", "Who", "What", "About"],
    "agreements": ["From", "Agreement", "Parties", "Shared", "Until", "State"],
    "break_glass": ["When", "Who", "About", "Shown", "Until"],
    "exports": ["When", "Who", "About", "What left", "Shown"],
    "matching": ["When", "Who", "What", "Stated", "About"],
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, perhaps a link, perhaps several lines."""

    label: str
    text: str = ""
    href: str = ""
    lines: Sequence[str] = ()
    whole: bool = False
    """Never broken over two lines: a reference."""


Row = list[Cell]


def rows(register: str, actor: Actor, found: Sequence[Any]) -> list[Row]:
    """The rows of a register for records that the actor may read."""
    drawn = _DRAW[register](actor, found)
    return [
        [replace(cell, label=label) for label, cell in zip(COLUMNS[register], row, strict=True)]
        for row in drawn
    ]


def _consents(actor: Actor, found: Sequence[Consent]) -> list[Row]:
    references = scope.references(actor, [row.person_id for row in found])
    lines: dict[UUID, list[ConsentLine]] = defaultdict(list)
    for line in scope.lines(row.pk for row in found):
        lines[line.consent_id].append(line)
    return [
        [
            Cell("", moment(row.given_at), reverse("oversight:consent", args=[row.pk])),
            _person(references.get(row.person_id, "")),
            Cell("", row.get_giver_display()),
            Cell("", lines=[line_words(line) for line in lines[row.pk]]),
            _user(row.recorded_by_id, row.recorded_by.name),
            Cell("", consent_state(row, lines[row.pk])),
        ]
        for row in found
    ]


def line_words(line: ConsentLine) -> str:
    """A line of a consent: what, to whom, until when."""
    to = f"{line.worker.name}, {line.agency.name}" if line.worker else line.agency.name
    return f"{categories_of(line.categories)} → {to}, until {day(line.until)}"


def consent_state(row: Consent, lines: Sequence[ConsentLine]) -> str:
    """Where a consent stands."""
    if row.withdrawn_at is not None:
        return f"Withdrawn {day(row.withdrawn_at)}"
    now = instant()
    live = [line for line in lines if line.ended_at is None and line.until > now]
    if not live:
        return "Ended"
    return "In force" if len(live) == len(lines) else "In force in part"


def _decisions(actor: Actor, found: Sequence[SharingDecision]) -> list[Row]:
    references = scope.references(actor, [row.person_id for row in found])
    return [
        [
            Cell("", moment(row.proposed_at), reverse("oversight:decision", args=[row.pk])),
            _person(references.get(row.person_id, "")),
            Cell("", lines=[decision_words(row), f"until {day(row.until)}"]),
            Cell("", row.lawful_basis.name),
            Cell("", "Told" if row.told else "Not told"),
            Cell("", lines=_deciders(row)),
            Cell("", decision_state(row)),
        ]
        for row in found
    ]


def decision_words(row: SharingDecision) -> str:
    """What was decided, to whom."""
    to = f"{row.worker.name}, {row.agency.name}" if row.worker else row.agency.name
    verb = "Share" if row.share else "Do not share"
    return f"{verb}: {categories_of(row.categories)} → {to}"


def decision_state(row: SharingDecision) -> str:
    """Where a sharing decision stands."""
    state = str(DecisionState(row.state).label)
    if row.state != DecisionState.PROPOSED:
        return state
    hours = int((instant() - row.proposed_at).total_seconds() // 3600)
    acts = ", acting already" if row.kind == DecisionKind.URGENT else ""
    return f"{state}: {hours} hours{acts}"


def _deciders(row: SharingDecision) -> list[str]:
    said = [f"{row.proposed_by.name} (proposed)"]
    if row.decided_by is not None:
        said.append(f"{row.decided_by.name} (decided)")
    return said


def _reads(actor: Actor, found: Sequence[AccessRecord]) -> list[Row]:
    known = names.gather(actor, found)
    return [
        [
            Cell("", moment(row.at)),
            _actor(row, known),
            _person(known.reference(row.person_id)),
            Cell("", categories_of(from_bits(row.categories))),
            Cell("", lines=_circumstances(row)),
        ]
        for row in found
    ]


def _circumstances(row: AccessRecord) -> list[str]:
    said = [row.route]
    if row.purpose:
        said.append("A purpose was stated")
    if row.meeting_id:
        said.append("In a meeting")
    return said


def _agreements(actor: Actor, found: Sequence[Agreement]) -> list[Row]:
    return [
        [
            Cell("", day(row.starts)),
            Cell("", row.title, lines=[row.reference]),
            Cell("", lines=sorted(party.agency.name for party in row.parties.all())),
            Cell("", categories_of(row.categories)),
            Cell("", day(row.ends) or "No end"),
            Cell("", agreement_state(row)),
        ]
        for row in found
    ]


def agreement_state(row: Agreement) -> str:
    """Where an agreement stands."""
    now = instant()
    if row.confirmed_at is None:
        return "Not confirmed by all"
    if row.ends is not None and row.ends <= now:
        return "Ended"
    if any(one.is_live(now) for one in row.suspensions.all()):
        return "Suspended"
    if row.starts > now:
        return "Not begun"
    if row.ends is not None and row.ends <= now + AGREEMENT_SOON:
        return "In force; ends soon"
    return "In force"


def _break_glass(actor: Actor, found: Sequence[Involvement]) -> list[Row]:
    references = scope.references(actor, [row.person_id for row in found])
    return [
        [
            Cell("", moment(row.starts)),
            Cell(
                "",
                row.worker.name if row.worker else "",
                reverse("oversight:user", args=[row.worker_id]) if row.worker_id else "",
                lines=[row.agency.name],
            ),
            _person(references.get(row.person_id, "")),
            Cell("", categories_of(row.categories)),
            Cell("", moment(row.ends) if row.ends else "No end"),
        ]
        for row in found
    ]


def _events(actor: Actor, found: Sequence[Event]) -> list[Row]:
    known = names.gather(actor, found)
    return [
        [
            Cell("", moment(row.at)),
            _actor(row, known),
            Cell("", deed(row, known)),
            _person(known.reference(row.person_id)),
        ]
        for row in found
    ]


def _exports(actor: Actor, found: Sequence[AccessRecord]) -> list[Row]:
    known = names.gather(actor, found)
    return [
        [
            Cell("", moment(row.at)),
            _actor(row, known),
            _person(known.reference(row.person_id)),
            Cell("", EXPORTS.get(row.route, row.route)),
            Cell("", categories_of(from_bits(row.categories))),
        ]
        for row in found
    ]


_STATED = {
    "name": "Name",
    "phone": "Phone",
    "birth": "Date or year of birth",
    "area": "Area",
    "nhs_number": "NHS number",
}
"""A kind of fact in words, never the fact itself."""


def _matching(actor: Actor, found: Sequence[Event]) -> list[Row]:
    known = names.gather(actor, found)
    return [
        [
            Cell("", moment(row.at)),
            _actor(row, known),
            Cell("", deed(row, known)),
            Cell("", lines=[_STATED.get(fact, fact) for fact in row.detail.get("stated") or ()]),
            _person(known.reference(row.person_id)),
        ]
        for row in found
    ]


def _person(reference: str) -> Cell:
    if not reference:
        return Cell("", "–")
    return Cell("", reference, reverse("oversight:person", args=[reference]), whole=True)


def _user(user_id: UUID, name: str) -> Cell:
    return Cell("", name, reverse("oversight:user", args=[user_id]))


def _actor(row: Event | AccessRecord, known: names.Names) -> Cell:
    if row.actor_kind != "member" or row.user_id is None:
        return Cell("", known.actor(row))
    role = ROLE_LABELS.get(row.role, row.role).lower()
    hat = f"{role}, {known.agency(row.agency_id)}"
    return Cell(
        "", known.user(row.user_id), reverse("oversight:user", args=[row.user_id]), lines=[hat]
    )


_DRAW: dict[str, Callable[[Actor, Any], list[Row]]] = {
    "consents": _consents,
    "decisions": _decisions,
    "reads": _reads,
    "events": _events,
    "agreements": _agreements,
    "break_glass": _break_glass,
    "exports": _exports,
    "matching": _matching,
}
