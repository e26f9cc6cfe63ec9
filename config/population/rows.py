"""The tables of a synthetic young person, and how one row of most kinds is written."""

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
)
from config.population.agencies import Agencies, Place
from config.population.seeded import Days, Keys, References
from config.population.tables import NULL, Table
from people.models import YoungPerson
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


class Rows:
    """The rows of a number of young people, until they are taken and written."""

    def __init__(
        self, random: Random, key: Keys, days: Days, agencies: Agencies, taken: set[str]
    ) -> None:
        self._random, self._key, self._days, self._agencies = random, key, days, agencies
        self._person, self._case, self._referral = (
            References(prefix, random, taken) for prefix in ("YP", "CA", "RF")
        )
        self._kinds = [key.hex for key in KindOfIntervention.objects.order_by("code")
                       .values_list("pk", flat=True)]  # fmt: skip
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

    def _plan(self, person: str, case: str, worker: str, known: int, ended: int) -> str:
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
        return plan

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
