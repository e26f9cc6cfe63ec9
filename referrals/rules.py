"""What a referral or its decision needs, without asking the database."""

from __future__ import annotations

from core.errors import Invalid
from referrals.enums import DeclineReason
from referrals.workflow import USUAL_AGES


def needs_age_reason(age: int | None) -> bool:
    """Whether somebody of this age is outside the usual range; never a reason to refuse."""
    return age is not None and age not in USUAL_AGES


def check_accept(*, age: int | None, age_reason: str) -> None:
    """Raise Invalid when somebody outside the usual ages is accepted without saying why."""
    if needs_age_reason(age) and not age_reason.strip():
        raise Invalid(age_reason=f"This young person is {age}, outside the usual 16 to 25: say why")


def check_decline(*, reason: str, pointed_to: str, has_service: bool, next_contact: str) -> None:
    """Raise Invalid for a decline without a reason, or without a next place or person to call."""
    faults: dict[str, str] = {}
    if reason not in DeclineReason.values:
        faults["decline_reason"] = "Give the reason"
    if not (pointed_to.strip() or has_service or next_contact.strip()):
        faults["pointed_to"] = (
            "Say where the young person was pointed to instead, or whom they can call"
        )
    if faults:
        raise Invalid(faults)
