"""Who else is involved with a synthetic young person, on every basis there is."""

from __future__ import annotations

from access.bases import Basis
from config.population.agencies import Place
from config.population.rows import AGENDA, EVERYTHING, SHARED
from config.population.tables import NULL
from config.population.work import Work


class Shares(Work):
    """Team, cover, tasks, consents, decisions and the rarer ones."""

    def _share(self, person: str, place: Place, case: str, worker: str, known: int) -> None:
        random, rnd, days = self._random, self._random.random, self._days
        since = random.randint(1, max(known - 3, 1))
        if rnd() < 0.6:
            self._involve(
                person, place, place.workers, Basis.TEAM, random.choice(SHARED), since, NULL, case
            )
        if rnd() < 0.04:
            self._involve(
                person, place, place.workers, Basis.COVER, EVERYTHING, min(since, 6),
                days.start(-8), case,
            )  # fmt: skip
        if rnd() < 0.3:
            self._task(person, place, random.choice(place.workers), place, min(since, 9), 0)
        if rnd() < 0.2 and since > 1:
            done = random.randint(1, since - 1)
            self._task(person, place, random.choice(place.workers), place, since, done)
        if rnd() < 0.12:
            self._message(person, place, worker)
        if rnd() < 0.05:
            self._involve(
                person, place, place.workers, Basis.AGENDA, AGENDA, since, days.start(since - 1)
                if since > 1 else days.start(0), case,
            )  # fmt: skip
        if rnd() < 0.01:
            self._involve(
                person, place, place.auditors, Basis.AUDIT_SAMPLE, random.choice(SHARED), since,
                days.start(since - 1), case,
            )  # fmt: skip
        if not place.partners:
            return
        if rnd() < 0.65:
            self._consent(person, random.choice(place.partners), worker, since)
        if rnd() < 0.2:
            self._consent(person, random.choice(place.partners), worker, max(known - 3, 1))
        if rnd() < 0.25:
            other = random.choice(place.partners)
            self._decide(person, other, place, worker, since, one_off=rnd() < 0.3)
        if rnd() < 0.2:
            other = random.choice(place.partners)
            self._involve(
                person, other, other.workers, Basis.TEAM, random.choice(SHARED), since, NULL, case
            )
        if rnd() < 0.12:
            other = random.choice(place.partners)
            self._task(person, place, random.choice(other.workers), other, min(since, 9), 0)
        if rnd() < 0.01:
            self._break(person, place, random.choice(place.partners), since)

    def _consent(self, person: str, other: Place, worker: str, since: int) -> None:
        days, named = self._days, self._random.random() < 0.7
        consent, categories = self._key(), self._random.choice(SHARED)
        until = days.start(since - self._random.choice((84, 182, 364)))
        self.consent.add(consent, person, days.start(since), worker)
        recipient = [self._random.choice(other.workers)] if named else None
        opened = self._involve(
            person, other, recipient, Basis.CONSENT, categories, since, until, consent,
            "sharing.consent",
        )  # fmt: skip
        self.line.add(
            self._key(), person, consent, other.key, recipient[0] if recipient else NULL,
            "" if named else "Several of them work with them", categories, until, opened,
        )  # fmt: skip
