"""Synthetic young people: where each stands, who is involved, what was done."""

from __future__ import annotations

from random import Random

from access.bases import Basis
from access.categories import ALL, COMPONENTS, Category, to_bits
from casework.models import (
    Case,
    Intervention,
    KindOfIntervention,
    LeadPeriod,
    Plan,
    PlanComponent,
)  # fmt: skip
from config.population import names
from config.population.agencies import Agencies, Place
from config.population.seeded import Days, Keys, References
from config.population.tables import NULL, Table
from people.enums import Ethnicity
from people.models import YoungPerson
from referrals.enums import Door
from referrals.models import Referral
from sharing.models import Bar, Consent, ConsentLine, Involvement, LeadAgency, Restriction

EVERYTHING = str(to_bits(ALL))
RECORD = str(to_bits(ALL - {Category.SAFE_ADDRESS, Category.TASKING}))
FOLLOW_UP = str(to_bits({Category.POINTER, Category.CONTACT, Category.SAFETY, Category.HOUSING}))
BROKEN = str(to_bits({Category.POINTER, Category.IDENTITY, Category.CONTACT, Category.SAFETY}))
AGENDA = str(to_bits({Category.POINTER, Category.TASKING}))
POINTER = str(to_bits({Category.POINTER}))
SHARED = tuple(
    str(to_bits(some))
    for some in (
        {Category.HOUSING, Category.CONTACT},
        {Category.EMPLOYMENT},
        {Category.SAFETY, Category.HARM, Category.TASKING},
        {Category.EDUCATION, Category.SAFETY},
        {Category.FAMILY, Category.CONTACT, Category.SAFETY},
        {Category.HEALTH},
        {Category.OFFENDING, Category.TASKING},
    )
)
SINGLE = tuple(str(to_bits({component})) for component in COMPONENTS)
NOTES = ("Came, and talked.", "Rang; will meet on Thursday.", "Form filled in together.",
         "At the club; stayed to the end.", "", "Went over the plan.")  # fmt: skip


class People:
    """Fills the tables of a number of young people at a time."""

    def __init__(
        self, random: Random, key: Keys, days: Days, agencies: Agencies, taken: set[str]
    ) -> None:
        self._random, self._key, self._days, self._agencies = random, key, days, agencies
        self._person, self._case, self._referral = (
            References(prefix, random, taken) for prefix in ("YP", "CA", "RF")
        )
        self._kinds = [key.hex for key in KindOfIntervention.objects.order_by("code")
                       .values_list("pk", flat=True)]  # fmt: skip
        self._given = names.GIVEN
        self._family = names.FAMILY
        self._ethnicities = [value for value in Ethnicity.values if value != "NS"]
        self.count = 0
        self.person = Table(
            YoungPerson, "id", "reference", "given_name", "family_name", "provisional",
            "date_of_birth", "ethnicity", "ethnicity_source", "borough", "created_at",
        )  # fmt: skip
        self.referral = Table(
            Referral, "id", "reference", "person_id", "sent_to_id", "door", "categories",
            "why_now", "received_at", "state", "decided_by_id", "decided_at",
            knows="yes", agrees="yes",
        )  # fmt: skip
        self.case = Table(
            Case, "id", "reference", "person_id", "agency_id", "state", "referral_id",
            "opened_at", "closed_at", "close_reason", "last_contact_at",
        )  # fmt: skip
        self.lead = Table(
            LeadPeriod, "id", "person_id", "case_id", "worker_id", "agency_id", "assigned_by_id",
            "starts", "ends",
        )  # fmt: skip
        self.lead_agency = Table(LeadAgency, "id", "person_id", "agency_id", "starts", "ends")
        self.involvement = Table(
            Involvement, "id", "person_id", "agency_id", "worker_id", "basis", "categories",
            "starts", "ends", "one_off", "source_type", "source_id",
        )  # fmt: skip
        self.plan = Table(
            Plan, "id", "person_id", "case_id", "agreed_on", "agreed_how", "agreed_by_id",
            "review_on",
        )  # fmt: skip
        self.component = Table(PlanComponent, "id", "person_id", "plan_id", "component", "in_use")
        self.consent = Table(
            Consent, "id", "person_id", "given_at", "recorded_by_id",
            giver="young_person", competence="presumed", wording_version="synthetic",
            language="English", channel="face_to_face", place="community", purposes=["support"],
        )  # fmt: skip
        self.line = Table(
            ConsentLine, "id", "person_id", "consent_id", "agency_id", "worker_id",
            "whole_agency_reason", "categories", "until", "involvement_id",
        )  # fmt: skip
        self.intervention = Table(
            Intervention, "id", "person_id", "case_id", "categories", "kind_id", "at", "minutes",
            "attendance", "note", "agency_id", "logged_by_id", "logged_at",
        )  # fmt: skip
        self.restriction = Table(Restriction, "id", "person_id", "review_on", "starts", "ends")
        self.bar = Table(Bar, "id", "person_id", "user_id", "review_on", "starts", "ends")

    @property
    def tables(self) -> list[Table]:
        """In the order in which they can be written."""
        return [
            self.person, self.referral, self.case, self.lead, self.lead_agency, self.involvement,
            self.plan, self.component, self.consent, self.line, self.intervention,
            self.restriction, self.bar,
        ]  # fmt: skip

    def add(self) -> None:
        """One more young person."""
        random, days, rnd = self._random, self._days, self._random.random
        self.count += 1
        place = self._agencies.any_leading()
        luck = rnd()
        known = int(8 + 700 * rnd() ** 1.5) if luck > 0.07 else int(1 + 6 * rnd())
        person = self._key()
        common = rnd() < 0.25
        family = self._family[
            int(rnd() * names.COMMON)
            if common
            else names.COMMON + int(rnd() * (len(self._family) - names.COMMON))
        ]
        self_described = rnd() < 0.8
        self.person.add(
            person,
            self._person(),
            self._given[int(rnd() * len(self._given))],
            family,
            "t" if luck <= 0.07 else "f",
            f"{days.today.year - 12 - int(rnd() * 15)}-{1 + int(rnd() * 12):02}-"
            f"{1 + int(rnd() * 28):02}",
            random.choice(self._ethnicities) if self_described else "",
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

    # --- Where somebody stands -----------------------------------------------------------
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
        self, person: str, place: Place, known: int, state: str, ended: int
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
            random.choice(("stopped_coming", "stopped_coming", "stepped_down", "goals_met",
                           "moved")) if closed else "",
            days.start(max(ended, 1)),
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
        self._plan(person, case, worker, known, ended)
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
        case, worker = self._begin(person, place, known, "closed", ended)
        self._contacts(person, place, case, worker, known, ended)
        self._involve(person, place, [worker], Basis.RECORD, RECORD, ended, NULL, case)
        if ended < 196 and self._random.random() < 0.3:
            ends = self._days.start(ended - 196)
            self._involve(person, place, [worker], Basis.FOLLOW_UP, FOLLOW_UP, ended, ends, case)

    def _open(self, person: str, place: Place, known: int) -> None:
        rnd = self._random.random
        state = "active" if rnd() < 0.75 else "assessment" if rnd() < 0.6 else "stepping_down"
        if rnd() < 0.02:
            state = "opening"
        case, worker = self._begin(person, place, known, state, 0)
        self._contacts(person, place, case, worker, known, 0)
        self._share(person, place, case, worker, known)

    # --- Who is involved -----------------------------------------------------------------
    def _involve(
        self, person: str, place: Place, workers: list[str] | None, basis: Basis, categories: str,
        starts: int, ends: str, source: str, source_type: str = "casework.case",
        one_off: str = "f",
    ) -> str:  # fmt: skip
        key = self._key()
        self.involvement.add(
            key,
            person,
            place.key,
            self._random.choice(workers) if workers else NULL,
            basis.value,
            categories,
            self._days.start(max(starts, 0)),
            ends,
            one_off,
            source_type,
            source,
        )
        return key

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
            self._involve(
                person, place, place.workers, Basis.TASK, AGENDA, min(since, 9), NULL, case
            )
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
            self._involve(
                person, other, other.workers if rnd() < 0.6 else None, Basis.DECISION,
                random.choice(SHARED), since, days.start(since - 84), case,
                one_off="t" if rnd() < 0.3 else "f",
            )  # fmt: skip
        if rnd() < 0.2:
            other = random.choice(place.partners)
            self._involve(
                person, other, other.workers, Basis.TEAM, random.choice(SHARED), since, NULL, case
            )
        if rnd() < 0.12:
            other = random.choice(place.partners)
            self._involve(
                person, other, other.workers, Basis.TASK, AGENDA, min(since, 9), NULL, case
            )
        if rnd() < 0.01:
            other = random.choice(place.partners)
            self._involve(
                person, other, other.workers, Basis.BREAK_GLASS, BROKEN, since,
                days.start(since - 1), case,
            )  # fmt: skip

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

    # --- What is done --------------------------------------------------------------------
    def _plan(self, person: str, case: str, worker: str, known: int, ended: int) -> None:
        plan, days = self._key(), self._days
        agreed = known - 20 > ended
        self.plan.add(
            plan, person, case, days.day(known - 20) if agreed else NULL,
            "Read through together" if agreed else "", worker if agreed else NULL,
            days.day(-int(self._random.random() * 84)) if agreed else NULL,
        )  # fmt: skip
        in_use = self._random.getrandbits(8)
        for place, component in enumerate(COMPONENTS):
            self.component.add(
                self._key(), person, plan, component.value, "t" if in_use >> place & 1 else "f"
            )

    def _contacts(
        self, person: str, place: Place, case: str, worker: str, known: int, ended: int
    ) -> None:
        rnd, key, days = self._random.random, self._key, self._days
        kinds, span = self._kinds, max(known - ended - 3, 1)
        for _ in range(int(2 + 19 * rnd()) if known > 20 else int(4 * rnd())):
            at = days.at(ended + 1 + int(span * rnd()))
            came = rnd()
            self.intervention.add(
                key(), person, case, SINGLE[int(rnd() * 8)], kinds[int(rnd() * len(kinds))], at,
                "45", "came" if came < 0.75 else "late" if came < 0.85 else "did_not_come",
                NOTES[int(rnd() * 6)], place.key, worker, at,
            )  # fmt: skip
