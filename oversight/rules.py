"""Drawing a sample, and what counts as much: pure, so that anybody can do it again."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from datetime import timedelta

from oversight.enums import AlertLevel, Risk

WEIGHTS: dict[str, int] = {
    Risk.NO_CONSENT: 2,
    Risk.ONE_OFF: 3,
    Risk.VOLUME: 3,
    Risk.OUT_OF_HOURS: 2,
    Risk.SURNAME: 5,
    Risk.AGREEMENT: 4,
    Risk.RESTRICTED: 4,
}
"""What each risk adds to the weight of a share, which is 1 without any, unless said otherwise."""

EXPORTS: dict[str, str] = {
    "consent_receipt_pdf": "Receipt of a consent (PDF)",
    "api:consent_fhir": "A consent as FHIR, to another system",
}
"""The routes by which something about a person leaves as a file, and what it is."""

MATCHING = ("break_glass.opened", "break_glass.refused", "ring_me.asked")
"""The events in which somebody stated facts to find a person whom they do not see."""

SAMPLE_TIME = timedelta(minutes=60)
CAUSE_TIME = timedelta(hours=4)

MANY = 30
"""So many people read of in one day are many for anybody."""

TIMES_USUAL = 3
"""And so many times what is usual for the same user."""

USUAL_DAYS = 28
"""The days before, from which "usual" is worked out."""

CLOCK: dict[str, tuple[str, timedelta]] = {
    AlertLevel.AUDITOR: (AlertLevel.SECOND, timedelta(hours=24)),
    AlertLevel.SECOND: (AlertLevel.MANAGER, timedelta(hours=24)),
}
"""From each level of an alert that nobody answers: to which it climbs, and after how long."""

NIGHT_FROM, NIGHT_UNTIL = 20, 7
"""Out of hours begins and ends at these hours in London; a weekend is out of hours whole."""

AGREEMENT_SOON = timedelta(days=30)
"""An agreement that ends within this time is about to."""


def draw(
    shares: Mapping[str, Iterable[str]], *, seed: str, size: int, weights: Mapping[str, int]
) -> list[str]:
    """The keys of the shares that a seed draws, the first drawn first.

    `shares` gives for each share its risks. Weighted drawing without putting back: each
    share gets a number from the seed and its own key, and the weight bends it. The same
    seed over the same shares always draws the same, in whatever order they come.
    """
    ranked = sorted(
        (_rank(seed, key, 1 + sum(weights.get(risk, 0) for risk in set(risks))), key)
        for key, risks in shares.items()
    )
    return [key for _, key in ranked[:size]]


def is_unusual(people: int, days_before: Iterable[int]) -> bool:
    """Whether one user's reading in one day is out of all proportion to their own other days."""
    others = sorted(days_before)
    usual = others[len(others) // 2] if others else 0
    return people > MANY and people > TIMES_USUAL * usual


def _rank(seed: str, key: str, weight: int) -> float:
    number = int.from_bytes(hashlib.sha256(f"{seed}\0{key}".encode()).digest()[:8])
    share = (number + 1) / (2**64 + 1)
    # Efraimidis and Spirakis: the greatest share ** (1 / weight) are drawn first.
    return -math.log(share) / weight
