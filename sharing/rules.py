"""What makes a consent valid and a sharing decision sound, without asking the database.

Source: the design pages on law and access. What is refused raises; what is doubtful is a
warning that the page shows and the record keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from access.categories import Category
from core.errors import Invalid
from sharing.enums import NEEDS_CARE, Competence, DecisionKind, Giver

LONGEST_CONSENT = timedelta(days=366)
LONGEST_DECISION: dict[str, timedelta] = {
    DecisionKind.ROUTINE: timedelta(weeks=12),
    DecisionKind.ONE_OFF: timedelta(days=28),
    DecisionKind.ENFORCEMENT: timedelta(days=28),
    DecisionKind.URGENT: timedelta(days=28),
}
URGENT_REVIEW = timedelta(hours=24)

NEVER_BY_GRID: frozenset[Category] = frozenset(
    {Category.SAFE_ADDRESS, Category.ENFORCEMENT, Category.CLINICAL}
)
"""Categories that neither the grid nor a routine decision carries."""

NEEDS_CONDITION: frozenset[Category] = frozenset(
    {
        Category.HEALTH,
        Category.CLINICAL,
        Category.RELATIONSHIPS,
        Category.OFFENDING,
        Category.HARM,
        Category.EXITING_GANG,
        Category.IDENTITY,
        Category.ENFORCEMENT,
    }
)
"""Categories that may hold special-category or offence data (UK GDPR Articles 9 and 10)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid as it is asked for."""

    agency_id: UUID
    worker_id: UUID | None
    categories: frozenset[Category]
    until: datetime
    whole_agency_reason: str = ""


def check_consent(
    *, giver: str, competence: str, reasons: str, age: int | None, purposes: Iterable[str]
) -> None:
    """Raise Invalid, field by field, for what would make a consent no consent."""
    faults: dict[str, str] = {}
    if not list(purposes):
        faults["purposes"] = "Choose what the information may be used for"
    if competence == Competence.PRESUMED and age is not None and age < 16:
        faults["competence"] = "Under 16 competence is not presumed: assess it and say why"
    if competence == Competence.ASSESSED and not reasons.strip():
        faults["competence_reasons"] = "Say why the young person is competent to consent"
    if (giver == Giver.PARENT) != (competence == Competence.PARENT):
        faults["competence"] = "Who gives consent and why they are competent do not match"
    if giver == Giver.PARENT and age is not None and age >= 16:
        faults["giver"] = "From 16 the young person gives consent themselves"
    if faults:
        raise Invalid(faults)


def check_line(line: Line, at: datetime) -> None:
    """Raise Invalid for a row of the grid that can't be."""
    if not line.categories:
        raise Invalid(categories="Choose at least one kind of information for each recipient")
    if line.categories & NEVER_BY_GRID:
        raise Invalid(categories="This kind of information is not shared in this way")
    if line.worker_id is None and not line.whole_agency_reason.strip():
        raise Invalid(
            whole_agency_reason="Name a worker, or say why the whole agency needs to see it"
        )
    check_until(line.until, at, LONGEST_CONSENT)


def check_until(until: datetime, at: datetime, longest: timedelta) -> None:
    """Raise Invalid unless the end is in the future and not too far in it."""
    if until <= at:
        raise Invalid(until="The end must be in the future")
    if until - at > longest:
        weeks = longest.days // 7
        raise Invalid(until=f"The end must be within {weeks} weeks")


def consent_warnings(*, place: str, age: int | None, born: date | None, today: date) -> list[str]:
    """What a careful worker would think about before recording this consent."""
    warnings = []
    if place in NEEDS_CARE:
        warnings.append(
            "Consent given in an emergency department or in custody is easily regretted:"
            " plan to ask again soon."
        )
    if age is None:
        warnings.append("No date of birth is recorded, so age could not be checked.")
    elif born is not None:
        for birthday in (12, 16, 18):
            if age < birthday and _turns(born, birthday) - today <= timedelta(days=90):
                warnings.append(f"Turns {birthday} within three months: ask again then.")
    return warnings


def check_decision(
    *,
    share: bool,
    kind: str,
    categories: frozenset[Category],
    condition: str,
    told: bool,
    not_told_reason: str,
    until: datetime,
    at: datetime,
) -> None:
    """Raise Invalid, field by field, for a decision that could not be defended."""
    faults: dict[str, str] = {}
    if not categories:
        faults["categories"] = "Choose at least one kind of information"
    if Category.SAFE_ADDRESS in categories:
        faults["categories"] = "A safe address is released by itself, never with other things"
    if Category.ENFORCEMENT in categories and kind != DecisionKind.ENFORCEMENT:
        faults["kind"] = "Enforcement information is shared by an enforcement decision only"
    if share and categories & NEEDS_CONDITION and not condition.strip():
        faults["condition"] = (
            "Health, identity, relationships and offence information need a condition: say which"
        )
    if Category.CLINICAL in categories and kind == DecisionKind.ROUTINE:
        faults["categories"] = "Therapy notes are never shared as a routine"
    if not told and not not_told_reason.strip():
        faults["not_told_reason"] = "Say why the young person was not told"
    if kind not in LONGEST_DECISION:
        faults["kind"] = "Choose what sort of decision it is"
    elif until <= at:
        faults["until"] = "The end must be in the future"
    elif until - at > LONGEST_DECISION[kind]:
        faults["until"] = f"The end must be within {LONGEST_DECISION[kind].days} days"
    if faults:
        raise Invalid(faults)


def _turns(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)
