"""Synthetic agencies, who works there, and what they have agreed with each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from access.categories import ALL, Category, to_bits
from access.roles import Role
from agencies.models import Agency, AgencyActivity, DutyShift, Membership, User, UserActivity
from config.population import names
from config.population.seeded import Days, Keys, References
from config.population.tables import NULL, Table
from directory.models import Organization, Service
from sharing.models import Agreement, AgreementParty, AgreementSuspension

LEADING = ("integrated_unit", "voluntary")
KINDS = (
    "integrated_unit", "voluntary", "police", "voluntary", "housing", "integrated_unit", "school",
    "jobcentre", "voluntary", "health", "probation", "youth_justice", "council", "integrated_unit",
    "prison", "community",
)  # fmt: skip
SERVICES = ("Boxing club", "Music studio", "Homework club", "Saturday football", "Bike workshop")
OPENED = 1400
"""Days ago."""
LED_BY_ONE = 18
"""Young people for each worker, about."""
UNUSABLE = "!synthetic"
"""No password ever matches it."""


@dataclass
class Place:
    """One agency and its workers, by key."""

    key: str
    kind: str
    weight: float
    workers: list[str] = field(default_factory=list)
    managers: list[str] = field(default_factory=list)
    auditors: list[str] = field(default_factory=list)
    partners: list[Place] = field(default_factory=list)


class Agencies:
    """All agencies: the first are large, most are small."""

    def __init__(self, seed: int, people: int, number: int, random: Random) -> None:
        self._random, self._seed = random, seed
        self.places = [
            Place("", KINDS[place % len(KINDS)], 1 / (place + 1) ** 0.8) for place in range(number)
        ]
        self.leading = [place for place in self.places if place.kind in LEADING]
        self._weights = list(accumulate(place.weight for place in self.leading))
        self.services: list[str] = []
        """Of the directory: those to which young people step down."""
        self.users = 0
        self._people = people
        self.tables = {
            model: Table(model, *columns)
            for model, columns in (
                (User, ("id", "username", "name", "email", "password")),
                (UserActivity, ("id", "user_id", "starts")),
                (Agency, ("id", "name", "slug", "kind")),
                (AgencyActivity, ("id", "agency_id", "starts")),
                (Membership, ("id", "user_id", "agency_id", "role", "home_agency_id", "starts",
                              "ends")),
                (DutyShift, ("id", "agency_id", "user_id", "starts", "ends", "published_at")),
                (Agreement, ("id", "reference", "title", "purposes", "categories", "starts",
                             "ends", "review_on", "confirmed_at")),
                (AgreementParty, ("id", "agreement_id", "agency_id", "confirmed_at",
                                  "confirmed_by_id")),
                (AgreementSuspension, ("id", "agreement_id", "reason", "starts", "ends")),
                (Organization, ("id", "name", "description")),
                (Service, ("id", "organization_id", "name", "takes_step_down")),
            )
        }  # fmt: skip

    def any_leading(self) -> Place:
        """An agency that leads, the large ones more often."""
        return self._random.choices(self.leading, cum_weights=self._weights)[0]

    def build(self, key: Keys, reference: References, days: Days) -> None:
        """Fill the tables."""
        total = sum(place.weight for place in self.leading)
        for number, place in enumerate(self.places, 1):
            place.key = key()
            name = f"Synthetic {place.kind.replace('_', ' ')} {self._seed}-{number}"
            slug = f"synthetic-{self._seed}-{number}"
            self.tables[Agency].add(place.key, name, slug, place.kind)
            self.tables[AgencyActivity].add(key(), place.key, days.start(OPENED))
            share = place.weight / total if place.kind in LEADING else 0.01
            self._staff(place, max(4, round(self._people * share / LED_BY_ONE)), key, days)
        for place in self.leading:
            self._agree(place, key, reference, days)
        club = key()
        self.tables[Organization].add(club, f"Synthetic clubs {self._seed}", "Clubs.")
        for name in SERVICES:
            self.services.append(key())
            self.tables[Service].add(self.services[-1], club, f"{name} {self._seed}", "t")

    def _staff(self, place: Place, workers: int, key: Keys, days: Days) -> None:
        random = self._random
        roles = [Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST]
        roles += [Role.MANAGER] * max(1, workers // 8)
        roles += [Role.CLINICIAN] * (workers // 10)
        roles += [Role.PRACTITIONER] * workers
        for role in roles:
            self.users += 1
            user, since = key(), days.start(random.randint(200, OPENED))
            username = f"s{self._seed}-u{self.users:06}"
            name = f"{random.choice(names.GIVEN)} {random.choice(names.FAMILY)}"
            self.tables[User].add(user, username, name, f"{username}@example.org", UNUSABLE)
            self.tables[UserActivity].add(key(), user, since)
            home = NULL
            if place.kind == "integrated_unit" and place.partners and random.random() < 0.3:
                home = random.choice(place.partners).key
            self.tables[Membership].add(key(), user, place.key, role.value, home, since, NULL)
            if role is Role.MANAGER:
                place.managers.append(user)
            elif role is Role.AUDITOR:
                place.auditors.append(user)
            elif role in {Role.PRACTITIONER, Role.CLINICIAN}:
                place.workers.append(user)
        for week in range(-2, 3):
            self.tables[DutyShift].add(
                key(),
                place.key,
                random.choice(place.workers),
                days.start(-7 * week),
                days.start(-7 * week - 7),
                days.start(30),
            )

    def _agree(self, place: Place, key: Keys, reference: References, days: Days) -> None:
        random = self._random
        others = [other for other in self.places if other is not place]
        for other in random.sample(others, min(len(others), random.randint(3, 8))):
            agreement, since = key(), random.randint(200, 1000)
            carried = {Category.POINTER, Category.TASKING, Category.CONTACT, Category.SAFETY}
            carried |= set(random.sample(sorted(ALL - {Category.SAFE_ADDRESS}), 5))
            luck = random.random()
            # One in twelve has run out, some within the days of grace.
            ends = days.start(random.randint(1, 60)) if luck < 0.08 else days.start(-400)
            self.tables[Agreement].add(
                agreement, reference(), f"Agreement {self._seed}-{agreement[:12]}",
                "To support young people together", str(to_bits(carried)), days.start(since), ends,
                days.day(-90), days.start(since - 1),
            )  # fmt: skip
            for party in (place, other):
                self.tables[AgreementParty].add(
                    key(), agreement, party.key, days.start(since - 1), party.managers[0]
                )
            if luck > 0.96:
                self.tables[AgreementSuspension].add(
                    key(), agreement, "Review", days.start(20), NULL
                )
            place.partners.append(other)
