"""The lists of the auditor's work as tables of plain words; a person by reference alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from access.actor import Actor
from access.categories import from_bits
from agencies.enums import ROLE_LABELS
from core.clock import today
from oversight import names, scope
from oversight.enums import FindingState, Question, Reply
from oversight.models import CauseReview, Finding, ReadingAlert, Sample, SampledShare
from oversight.names import day, moment
from oversight.tables import Cell, Row, decision_words, line_words
from oversight.telling import categories_of
from sharing.models import ConsentLine

COLUMNS: dict[str, list[str]] = {
    "samples": ["Drawn", "Sample", "How", "Days", "Shares", "By", "Checked"],
    "shares": ["No.", "About", "Share", "What stands out", "Checklist"],
    "causes": ["Asked", "About", "Cause", "By", "State"],
    "findings": ["Due", "Finding", "About", "Who answers", "State"],
    "alerts": ["Day", "Who", "People", "Usual", "Answers for it", "State"],
    "viewed": ["About", "Times", "In a meeting", "Shown", "Last"],
    "viewers": ["Who", "Times", "In a meeting", "Shown", "Last"],
}


def labelled(name: str, rows: Iterable[Row]) -> list[Row]:
    """The rows with each cell's label, for narrow screens."""
    return [
        [replace(cell, label=label) for label, cell in zip(COLUMNS[name], row, strict=True)]
        for row in rows
    ]


def samples(actor: Actor, found: Sequence[Sample]) -> list[Row]:
    """Samples, with how far each has been checked."""
    shares = list(scope.sampled(actor).filter(sample__in=list(found)))
    done = Counter(share.sample_id for share in shares if checked(share, _answers(shares)))
    there = Counter(share.sample_id for share in shares)
    return labelled(
        "samples",
        (
            [
                Cell("", moment(row.drawn_at)),
                Cell("", row.reference, reverse("oversight:sample", args=[row.pk]), whole=True),
                Cell("", str(row.get_kind_display()).split(":")[0], lines=[f"Seed {row.seed}"]),
                Cell("", f"{_date(row.since)} to {_date(row.until)}"),
                Cell("", f"{there[row.pk]} of {row.drawn_from}"),
                Cell("", row.drawn_by.name),
                Cell("", f"{done[row.pk]} of {there[row.pk]}"),
            ]
            for row in found
        ),
    )


def shares(actor: Actor, found: Sequence[SampledShare], risks: Mapping[str, str]) -> list[Row]:
    """The shares of a sample."""
    references = scope.references(actor, [row.person_id for row in found])
    answered = _answers(found)
    return labelled(
        "shares",
        (
            [
                Cell("", str(row.place), reverse("oversight:share", args=[row.pk])),
                _person(references.get(row.person_id, "")),
                Cell("", share_words(row)),
                Cell("", lines=[str(risks.get(risk, risk)) for risk in row.risks] or ["Nothing"]),
                Cell("", _checklist(answered.get(row.pk, {}))),
            ]
            for row in found
        ),
    )


def share_words(row: SampledShare) -> str:
    """What was shared, with whom, until when, on what ground."""
    share = row.share
    if isinstance(share, ConsentLine):
        return f"Consent: {line_words(share)}"
    return f"{decision_words(share)}, until {day(share.until)}"


def checked(row: SampledShare, answered: Mapping[UUID, Mapping[str, str]]) -> bool:
    """Whether every question has an answer."""
    return len(answered.get(row.pk, {})) == len(Question)


def causes(actor: Actor, found: Sequence[CauseReview]) -> list[Row]:
    """Looks for cause."""
    references = scope.references(actor, [row.person_id for row in found])
    return labelled(
        "causes",
        (
            [
                Cell("", moment(row.asked_at), reverse("oversight:cause", args=[row.pk])),
                _person(references.get(row.person_id, "")),
                Cell("", str(row.get_cause_display())),
                Cell("", row.asked_by.name),
                Cell("", str(row.get_state_display())),
            ]
            for row in found
        ),
    )


def findings(found: Sequence[Finding], references: Mapping[UUID, str]) -> list[Row]:
    """Findings, the first due first."""
    return labelled(
        "findings",
        (
            [
                Cell("", _date(row.due_on)),
                Cell("", row.reference, reverse("oversight:finding", args=[row.pk]), whole=True),
                _person(references.get(row.person_id, "")),
                Cell("", row.owner.name),
                Cell("", finding_state(row)),
            ]
            for row in found
        ),
    )


def finding_state(row: Finding) -> str:
    """Where a finding stands, and whether it is late."""
    late = row.state != FindingState.CLOSED and row.due_on < today()
    return f"{row.get_state_display()}{'; overdue' if late else ''}"


def alerts(found: Sequence[ReadingAlert]) -> list[Row]:
    """Alerts about reading."""
    return labelled(
        "alerts",
        (
            [
                Cell("", _date(row.day), reverse("oversight:alert", args=[row.pk])),
                Cell("", row.user.name, reverse("oversight:user", args=[row.user_id])),
                Cell("", str(row.people)),
                Cell("", str(row.usual)),
                Cell(
                    "", row.owner.name if row.owner else "Nobody", lines=[row.get_level_display()]
                ),
                Cell("", alert_state(row)),
            ]
            for row in found
        ),
    )


def alert_state(row: ReadingAlert) -> str:
    """Where an alert stands."""
    if row.answered_at is not None:
        return f"Answered {day(row.answered_at)}"
    if row.climbs_at is not None:
        return f"Waiting; climbs {moment(row.climbs_at)}"
    return "Waiting"


def viewed(actor: Actor, found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Whom a user viewed."""
    references = scope.references(actor, [row["person_id"] for row in found])
    return labelled(
        "viewed",
        ([_person(references.get(row["person_id"], "")), *_reads(row)] for row in found),
    )


def viewers(found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Who viewed a person."""
    users = names.users_by_key(row["user_id"] for row in found)
    agencies = names.agencies_by_key(row["agency_id"] for row in found)
    rows: list[Row] = []
    for row in found:
        role = ROLE_LABELS.get(row["role"], row["role"]).lower()
        hat = ", ".join(part for part in (role, agencies.get(row["agency_id"], "")) if part)
        href = reverse("oversight:user", args=[row["user_id"]]) if row["user_id"] else ""
        who = users.get(row["user_id"], "The system")
        rows.append([Cell("", who, href, lines=[hat] if hat else []), *_reads(row)])
    return labelled("viewers", rows)


def _reads(row: Mapping[str, Any]) -> Row:
    return [
        Cell("", str(row["times"])),
        Cell("", str(row["meetings"])),
        Cell("", categories_of(from_bits(row["shown"]))),
        Cell("", moment(row["last"])),
    ]


def _answers(shares: Iterable[SampledShare]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for row in scope.answers(shares):
        found.setdefault(row.share_id, {})[row.question] = row.answer
    return found


def _checklist(answered: Mapping[str, str]) -> str:
    wrong = sum(answer == Reply.NO for answer in answered.values())
    said = f"{len(answered)} of {len(Question)} answered"
    return f"{said}, {wrong} with no" if wrong else said


def _person(reference: str) -> Cell:
    if not reference:
        return Cell("", "–")
    return Cell("", reference, reverse("oversight:person", args=[reference]), whole=True)


def _date(at: date) -> str:
    return f"{at.day} {at:%B %Y}"
