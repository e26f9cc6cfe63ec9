"""The lifecycle of a case as a table: from where to where."""

from __future__ import annotations

from datetime import timedelta

from casework.enums import CaseState

CASE: dict[str, frozenset[str]] = {
    CaseState.OPENING: frozenset({CaseState.ASSESSMENT, CaseState.CLOSED}),
    CaseState.ASSESSMENT: frozenset({CaseState.ACTIVE, CaseState.STEPPING_DOWN, CaseState.CLOSED}),
    CaseState.ACTIVE: frozenset({CaseState.STEPPING_DOWN, CaseState.CLOSED}),
    CaseState.STEPPING_DOWN: frozenset({CaseState.ACTIVE, CaseState.CLOSED}),
    # Coming back is a new episode, with a reason.
    CaseState.CLOSED: frozenset(),
}
FOLLOWED_UP = frozenset({CaseState.STEPPING_DOWN, CaseState.CLOSED})
"""States in which checks are made after a step-down."""

FOLLOW_UP_WEEKS = (4, 12, 26)
TAIL = timedelta(days=14)
"""How long a worker who hands over the lead still reads."""

STEP_DOWN_PROMPT = timedelta(days=182)
STEP_DOWN_DUE = timedelta(days=365)
REVIEW_EVERY = timedelta(weeks=12)
