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
from sharing.enums import NEEDS_CARE, Competence, DecisionKind, Giver, Responsibility

BIRTHDAYS = (12, 16, 18)
"""Birthdays at which consent is asked for again."""
LONGEST_CONSENT = timedelta(days=366)
LONGEST_DECISION: dict[str, timedelta] = {
    DecisionKind.ROUTINE: timedelta(weeks=12),
    DecisionKind.ONE_OFF: timedelta(days=28),
    DecisionKind.ENFORCEMENT: timedelta(days=28),
    DecisionKind.URGENT: timedelta(days=28),
}
ONE_OFFS = frozenset({DecisionKind.ONE_OFF, DecisionKind.URGENT})
"""Kinds that need no agreement."""
ONE_OFF_REVIEW = timedelta(days=30)
"""When a one-off without an agreement is reviewed."""
URGENT_REVIEW = timedelta(hours=24)

NEVER_BY_GRID: frozenset[Category] = frozenset(
    {Category.SAFE_ADDRESS, Category.ENFORCEMENT, Category.CLINICAL}
)
"""Categories that neither the grid nor a routine decision carries."""

SPECIAL: frozenset[Category] = frozenset(
    {Category.HEALTH, Category.CLINICAL, Category.RELATIONSHIPS, Category.IDENTITY}
)
"""Categories that may hold special-category data (UK GDPR Article 9)."""
OFFENCE: frozenset[Category] = frozenset(
    {Category.OFFENDING, Category.HARM, Category.EXITING_GANG, Category.ENFORCEMENT}
)
"""Categories that may hold data about offences (UK GDPR Article 10)."""
NEEDS_CONDITION = SPECIAL | OFFENCE


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid as it is asked for."""

    agency_id: UUID
    worker_id: UUID | None
    categories: frozenset[Category]
    until: datetime
    whole_agency_reason: str = ""


def check_consent(
    *,
    giver: str,
    competence: str,
    reasons: str,
    age: int | None,
    purposes: Iterable[str],
    giver_name: str = "-",
    responsibility: str = "",
) -> None:
    """Raise Invalid, field by field, for what would make a consent no consent."""
    faults: dict[str, str] = {}
    if giver == Giver.PARENT and not giver_name.strip():
        faults["giver_name"] = "Say who gives consent for the young person"
    if giver == Giver.PARENT and responsibility == Responsibility.NO:
        faults["parental_responsibility"] = (
            "Only somebody with parental responsibility can consent for a young person"
        )
    if competence == Competence.PARENT and not reasons.strip():
        faults["competence_reasons"] = "Say why the young person can’t decide this themselves"
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


def check_line(line: Line, at: datetime, sixteenth: datetime | None = None) -> None:
    """Raise Invalid for a row of the grid that can't be.

    `sixteenth` is given for a parent's consent: the birthday beyond which it can't last.
    """
    if not line.categories:
        raise Invalid(categories="Choose at least one kind of information for each recipient")
    if line.categories & NEVER_BY_GRID:
        raise Invalid(categories="This kind of information is not shared in this way")
    if line.worker_id is None and not line.whole_agency_reason.strip():
        raise Invalid(
            whole_agency_reason="Name a worker, or say why the whole agency needs to see it"
        )
    check_until(line.until, at, LONGEST_CONSENT)
    if sixteenth is not None and line.until > sixteenth:
        raise Invalid(
            until="A parent’s consent ends by the 16th birthday: then the young person decides"
        )


def check_until(until: datetime, at: datetime, longest: timedelta) -> None:
    """Raise Invalid unless the end is in the future and not too far in it."""
    if until <= at:
        raise Invalid(until="The end must be in the future")
    if until - at > longest:
        weeks = longest.days // 7
        raise Invalid(until=f"The end must be within {weeks} weeks")


@dataclass(frozen=True, slots=True)
class Giving:
    """What else bears on whether a careful worker would record this consent."""

    giver: str = Giver.YOUNG_PERSON
    competence: str = Competence.PRESUMED
    responsibility: str = ""
    statutory: bool = False
    """Whether the agency that asks is a public body."""
    competent_before: date | None = None
    """When the young person was last found able to decide for themselves."""


def consent_warnings(
    *,
    place: str,
    age: int | None,
    born: date | None,
    today: date,
    giving: Giving | None = None,
) -> list[str]:
    """What a careful worker would think about before recording this consent."""
    warnings = _giving_warnings(giving, age) if giving is not None else []
    if place in NEEDS_CARE:
        warnings.append(
            "Consent given in an emergency department or in custody is easily regretted:"
            " plan to ask again soon."
        )
    if age is None:
        warnings.append("No date of birth is recorded, so age could not be checked.")
    elif born is not None:
        for birthday in BIRTHDAYS:
            if age < birthday and turns(born, birthday) - today <= timedelta(days=90):
                warnings.append(f"Turns {birthday} within three months: ask again then.")
    return warnings


def _giving_warnings(giving: Giving, age: int | None) -> list[str]:
    warnings = []
    if giving.statutory:
        warnings.append(
            "For a public body consent is usually not the lawful basis: if you would share"
            " anyway, record a decision and tell the young person instead of asking."
        )
    if giving.giver == Giver.PARENT:
        if giving.responsibility != Responsibility.YES:
            warnings.append(
                "No parental responsibility is recorded: find out before you rely on this."
            )
        if giving.competent_before is not None:
            day = giving.competent_before
            warnings.append(
                f"On {day.day} {day:%B %Y} the young person was found able to decide for"
                " themselves: a parent does not override that."
            )
    if giving.competence == Competence.ASSESSED and age is not None and age < 12:
        warnings.append("Under 12 it is rare to be able to decide this alone: ask a manager.")
    return warnings


def refresh_reasons(*, given_on: date, born: date | None, today: date) -> list[str]:
    """Why a consent has to be asked for again: a birthday since then, or twelve months.

    Source: the design page on law (12, 16, 18; older than 12 months).
    """
    reasons = []
    if born is not None:
        reasons += [
            f"turned {birthday} on {_on(turns(born, birthday))}"
            for birthday in BIRTHDAYS
            if given_on < turns(born, birthday) <= today
        ]
    if today >= turns(given_on, 1):
        reasons.append("given more than 12 months ago")
    return reasons


def _on(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class ChosenCondition:
    """A condition of the register, as it was chosen."""

    special: bool
    offence: bool
    needs_limb: bool


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
    necessity: str = "-",
    conditions: Iterable[ChosenCondition] = (),
    limb: str = "",
    at_risk_reason: str = "",
    age: int | None = None,
) -> None:
    """Raise Invalid, field by field, for a decision that could not be defended.

    A condition is chosen from the register, or given in words (`condition`).
    """
    chosen = list(conditions)
    faults: dict[str, str] = {}
    if not necessity.strip():
        faults["necessity"] = "Say why: a decision without a reason can’t be kept"
    if not categories:
        faults["categories"] = "Choose at least one kind of information"
    if Category.SAFE_ADDRESS in categories:
        faults["categories"] = "A safe address is released by itself, never with other things"
    if Category.ENFORCEMENT in categories and kind != DecisionKind.ENFORCEMENT:
        faults["kind"] = "Enforcement information is shared by an enforcement decision only"
    if share and not condition.strip() and (missing := _missing_condition(categories, chosen)):
        faults["conditions" if chosen else "condition"] = missing
    if share and any(one.needs_limb for one in chosen):
        if not limb:
            faults["limb"] = "Say why safeguarding goes without consent"
        if age is not None and age >= 18 and not at_risk_reason.strip():
            faults["at_risk_reason"] = "Say why this adult is at risk"
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


def _missing_condition(categories: frozenset[Category], chosen: Iterable[ChosenCondition]) -> str:
    conditions = list(chosen)
    if categories & SPECIAL and not any(one.special for one in conditions):
        return "Health, identity and relationships need a condition: say which"
    if categories & OFFENCE and not any(one.offence for one in conditions):
        return "What may tell of offences needs a condition: say which"
    return ""


def decision_warnings(
    *,
    share: bool,
    kind: str,
    categories: frozenset[Category],
    recipient_kind: str,
    has_role: bool,
    covered: bool,
) -> list[str]:
    """What a careful worker would think about before proposing this share."""
    if not share:
        return []
    warnings = []
    if not has_role:
        warnings.append("They have no part in this case now: be sure that they need to know.")
    if not covered:
        warnings.append(
            "No agreement with them carries all of this. A one-off goes all the same, and is"
            " reviewed within 30 days."
            if kind in ONE_OFFS
            else "No agreement with them carries all of this: what it does not carry stays hidden."
        )
    if Category.HEALTH in categories and recipient_kind == "police":
        warnings.append("Health information to the police: ask your Caldicott guardian first.")
    return warnings


def turns(born: date, age: int) -> date:
    """The day on which somebody becomes so many years old; 1 March for those of 29 February."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)
