"""The bases on which an agency or a worker may be involved with a young person.

Source: the access design, "Bases". Each row says to whom an involvement on that basis
opens, and whether an agreement with the lead agency is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Why an involvement exists."""

    INTAKE = "intake"
    LEAD = "lead"
    COVER = "cover"
    TEAM = "team"
    TASK = "task"
    AGENDA = "agenda"
    CONSENT = "consent"
    DECISION = "decision"
    TAIL = "tail"
    FOLLOW_UP = "follow_up"
    RECORD = "record"
    REFERRER = "referrer"
    BREAK_GLASS = "break_glass"
    AUDIT_SAMPLE = "audit_sample"


@dataclass(frozen=True, slots=True)
class Opening:
    """To whom a basis opens, besides the named worker, and what it needs."""

    to_managers: bool = False
    to_whole_agency: bool = False
    """With no worker named, to everybody of the agency."""
    to_duty: bool = False
    needs_agreement: bool = False
    """When the actor's agency is not the lead agency."""


OPENINGS: dict[Basis, Opening] = {
    Basis.INTAKE: Opening(to_managers=True, to_duty=True),
    Basis.LEAD: Opening(to_managers=True),
    Basis.COVER: Opening(to_managers=True, needs_agreement=True),
    Basis.TEAM: Opening(to_managers=True, needs_agreement=True),
    Basis.TASK: Opening(to_managers=True, needs_agreement=True),
    Basis.AGENDA: Opening(needs_agreement=True),
    Basis.CONSENT: Opening(to_managers=True, to_whole_agency=True, needs_agreement=True),
    Basis.DECISION: Opening(to_managers=True, to_whole_agency=True, needs_agreement=True),
    Basis.TAIL: Opening(needs_agreement=True),
    Basis.FOLLOW_UP: Opening(to_managers=True),
    Basis.RECORD: Opening(to_managers=True),
    Basis.REFERRER: Opening(to_managers=True),
    Basis.BREAK_GLASS: Opening(),
    Basis.AUDIT_SAMPLE: Opening(),
}

NO_CARD: frozenset[Basis] = frozenset(
    {Basis.REFERRER, Basis.AGENDA, Basis.TASK, Basis.BREAK_GLASS, Basis.AUDIT_SAMPLE}
)
"""Bases that do not show an agency's other workers the "exists, ask the lead" card."""

GRACE: frozenset[Basis] = frozenset({Basis.TEAM, Basis.COVER})
"""Bases that keep pointer and safety for 14 days after an agreement has ended."""

NAMED_WRITE: frozenset[Basis] = frozenset(
    {Basis.INTAKE, Basis.LEAD, Basis.COVER, Basis.TEAM, Basis.FOLLOW_UP}
)
"""Bases on which the named worker may write what the involvement carries."""

MANAGED_WRITE: frozenset[Basis] = frozenset({Basis.INTAKE, Basis.LEAD, Basis.FOLLOW_UP})
"""Bases of the lead agency on which its managers may write all that they see."""

SAFE_ADDRESS: frozenset[Basis] = frozenset({Basis.LEAD, Basis.COVER, Basis.TEAM})
"""Bases on which a named worker may be shown a safe address."""

TASKING_WRITE: frozenset[Basis] = frozenset({Basis.TASK, Basis.CONSENT, Basis.DECISION})
"""Bases that let those to whom they open write about tasks."""

NOT_AUDITABLE: frozenset[Basis] = frozenset({Basis.BREAK_GLASS, Basis.AUDIT_SAMPLE})
"""Bases that do not make a person auditable to the auditors of the agency involved."""

LABELS: dict[str, str] = {
    Basis.INTAKE: "the referral is being looked at here",
    Basis.LEAD: "the lead worker is here",
    Basis.COVER: "covering for the lead worker",
    Basis.TEAM: "a worker here is on the team",
    Basis.TASK: "a task is assigned here",
    Basis.AGENDA: "on the agenda of a meeting that you attend",
    Basis.CONSENT: "the young person agreed",
    Basis.DECISION: "a sharing decision on another lawful basis",
    Basis.TAIL: "you handed over the lead in the last 14 days",
    Basis.FOLLOW_UP: "follow-up after step-down",
    Basis.RECORD: "the record of a closed case of this agency",
    Basis.REFERRER: "your agency made the referral",
    Basis.BREAK_GLASS: "emergency access",
    Basis.AUDIT_SAMPLE: "a sample that you are auditing",
    "duty": "you are on duty for the lead agency",
    "implied": "so that you know whom to ask",
}
"""How each basis (and the two other reasons) is told to a worker."""
