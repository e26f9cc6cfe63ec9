"""What each role may ever see, whatever is shared.

Source: the access design, "Roles". What a role may *do* is `agencies.roles`.
"""

from __future__ import annotations

from enum import StrEnum

from access.categories import EVERY, NONE, Category


class Role(StrEnum):
    """What a membership makes of a user."""

    PRACTITIONER = "practitioner"
    CLINICIAN = "clinician"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"


MAY_EVER_SEE: dict[Role, frozenset[Category]] = {
    Role.PRACTITIONER: EVERY - {Category.CLINICAL},
    Role.CLINICIAN: EVERY,
    Role.MANAGER: EVERY - {Category.CLINICAL},
    Role.AUDITOR: EVERY - {Category.CLINICAL, Category.SAFE_ADDRESS},
    Role.ADMINISTRATOR: NONE,
    Role.ANALYST: NONE,
}

WORKERS: frozenset[Role] = frozenset({Role.PRACTITIONER, Role.CLINICIAN, Role.MANAGER})
"""The roles that work with young people."""
