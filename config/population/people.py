"""Synthetic young people: where each stands."""

from __future__ import annotations

from access.bases import Basis
from casework.enums import CloseReason
from config.population import names
from config.population.agencies import Place
from config.population.rows import EVERYTHING, FOLLOW_UP, POINTER, RECORD, SINGLE
from config.population.shares import Shares
from config.population.tables import NULL
from people.enums import Ethnicity
from referrals.enums import Door

REASONS = (
    CloseReason.STOPPED_COMING, CloseReason.STOPPED_COMING, CloseReason.STEPPED_DOWN,
    CloseReason.GOALS_MET, CloseReason.MOVED,
)  # fmt: skip
"""Why cases are closed; many young people stop coming."""
ETHNICITIES = [value for value in Ethnicity.values if value != Ethnicity.NS]


class People(Shares):
    """Makes one young person after another."""

    def add(self) -> None:
        """One more young person."""
        random, days, rnd = self._random, self._days, self._random.random
        self.count += 1
        place = self._agencies.any_leading()
        luck = rnd()
        known = int(8 + 700 * rnd() ** 1.5) if luck > 0.07 else int(1 + 6 * rnd())
        person = self._key()
        common = rnd() < 0.25
        family = names.FAMILY[
            int(rnd() * names.COMMON)
            if common
            else names.COMMON + int(rnd() * (len(names.FAMILY) - names.COMMON))
        ]
        self_described = rnd() < 0.8
        self.person.add(
            person,
            self._person(),
            names.GIVEN[int(rnd() * len(names.GIVEN))],
            family,
            "t" if luck <= 0.07 else "f",
            f"{days.today.year - 12 - int(rnd() * 15)}-{1 + int(rnd() * 12):02}-"
            f"{1 + int(rnd() * 28):02}",
            random.choice(ETHNICITIES) if self_described else "",
            "self" if self_described else "unknown",
            f"E090000{1 + int(rnd() * 33):02}",
            days.start(known),
        )
        if luck <= 0.07:
            self._waits(person, place, known)
        elif luck <= 0.33:
            self._closed(person, place, known)
        else:
            self._open(person, place, known)
        if rnd() < 0.01:
            self.restriction.add(self._key(), person, days.day(-60), days.start(3), NULL)
        if rnd() < 0.01:
            self.bar.add(
                self._key(),
                person,
                random.choice(place.workers),
                days.day(-60),
                days.start(5),
                NULL,
            )

    def _refer(self, person: str, place: Place, known: int, state: str) -> str:
        referral, days, decided = self._key(), self._days, state != "received"
        self.referral.add(
            referral,
            self._referral(),
            person,
            place.key,
            self._random.choice(Door.values),
            self._random.choice(SINGLE),
            "Asked for help.",
            days.start(known),
            state,
            self._random.choice(place.managers) if decided else NULL,
            days.start(known - 1) if decided else NULL,
        )
        self.lead_agency.add(self._key(), person, place.key, days.start(known), NULL)
        if self._random.random() < 0.3 and place.partners:
            other = self._random.choice(place.partners)
            ends = (self._days.start(known - 28) if known > 28 else NULL) if decided else NULL
            self._involve(
                person, other, other.workers, Basis.REFERRER, POINTER, known, ends, referral
            )
        return referral

    def _waits(self, person: str, place: Place, known: int) -> None:
        referral = self._refer(person, place, known, "received")
        self._involve(person, place, None, Basis.INTAKE, EVERYTHING, known, NULL, referral)

    def _begin(
        self, person: str, place: Place, known: int, state: str, ended: int, reason: str = ""
    ) -> tuple[str, str]:
        """The referral, the case, its lead and its plan; case and lead worker."""
        random, days = self._random, self._days
        referral = self._refer(person, place, known, "accepted")
        self._involve(
            person, place, None, Basis.INTAKE, EVERYTHING, known, days.start(known - 2), referral
        )
        case, worker = self._key(), random.choice(place.workers)
        closed = state == "closed"
        self.case.add(
            case, self._case(), person, place.key, state, referral, days.start(known - 1),
            days.start(ended) if closed else NULL,
            reason, days.start(max(ended, 1)),
        )  # fmt: skip
        if state != "opening":
            began = known - 2
            if began - ended > 40 and random.random() < 0.1:
                began = self._hand_over(person, place, case, began, ended)
            ends = days.start(ended) if closed else NULL
            self.lead.add(
                self._key(), person, case, worker, place.key, random.choice(place.managers),
                days.start(began), ends,
            )  # fmt: skip
            self._involve(person, place, [worker], Basis.LEAD, EVERYTHING, began, ends, case)
        plan = self._plan(person, case, worker, known, ended)
        self._know(person, place, worker, known)
        self._pursue(person, plan, worker, known, ended)
        return case, worker

    def _hand_over(self, person: str, place: Place, case: str, began: int, ended: int) -> int:
        days, random = self._days, self._random
        until = random.randint(ended + 1, began - 1)
        worker = random.choice(place.workers)
        self.lead.add(
            self._key(), person, case, worker, place.key, random.choice(place.managers),
            days.start(began), days.start(until),
        )  # fmt: skip
        self._involve(
            person, place, [worker], Basis.LEAD, EVERYTHING, began, days.start(until), case
        )
        self._involve(
            person, place, [worker], Basis.TAIL, RECORD, until, days.start(until - 14), case
        )
        return until

    def _closed(self, person: str, place: Place, known: int) -> None:
        known = max(known, 60)
        ended = self._random.randint(1, known - 20)
        reason = self._random.choice(REASONS)
        case, worker = self._begin(person, place, known, "closed", ended, reason)
        self._contacts(person, place, case, worker, known, ended)
        self._involve(person, place, [worker], Basis.RECORD, RECORD, ended, NULL, case)
        if reason != CloseReason.STEPPED_DOWN:
            return
        self._move(person, place, case, worker, ended)
        if ended < 196:
            ends = self._days.start(ended - 196)
            self._involve(person, place, [worker], Basis.FOLLOW_UP, FOLLOW_UP, ended, ends, case)

    def _open(self, person: str, place: Place, known: int) -> None:
        rnd = self._random.random
        state = "active" if rnd() < 0.75 else "assessment" if rnd() < 0.6 else "stepping_down"
        if rnd() < 0.02:
            state = "opening"
        case, worker = self._begin(person, place, known, state, 0)
        self._contacts(person, place, case, worker, known, 0)
        if state == "stepping_down":
            self._move(person, place, case, worker, self._random.randint(1, known - 4))
        elif state == "active" and rnd() < 0.02:
            self._move(person, place, case, worker, 0)
        self._share(person, place, case, worker, known)
