"""The lifecycle of a referral, and the age in which a service usually works."""

from __future__ import annotations

from referrals.enums import ReferralState

REFERRAL: dict[str, frozenset[str]] = {
    ReferralState.RECEIVED: frozenset({ReferralState.ACCEPTED, ReferralState.DECLINED}),
    ReferralState.ACCEPTED: frozenset(),
    # A young person who said no may come back any time: as a new referral.
    ReferralState.DECLINED: frozenset(),
}

USUAL_AGES = range(16, 26)
"""Outside these a decision asks for a reason; age never blocks (16 to 25)."""
