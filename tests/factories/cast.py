"""The cast: a small world of agencies and people, built by the product's own actions.

Everybody in it is invented. `Cast` is built once a test, at an instant that the test
chooses; what the tests add, they add by actions too.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from access.actor import Member, Operator
from access.categories import Category
from access.context import transact
from access.roles import Role
from agencies.actions import membership
from agencies.models import Agency, Membership, User
from casework.actions import goal, lead, opening
from casework.models import Case, Goal, KindOfIntervention, Plan
from people.models import YoungPerson
from referrals.actions import referral
from sharing.actions import agreement, consent, protection
from sharing.models import Agreement, Consent
from sharing.rules import Line

OPERATOR = Operator("tests")
PASSWORD = "demo-only-password"
SHARED = (
    Category.POINTER,
    Category.IDENTITY,
    Category.CONTACT,
    Category.SAFETY,
    Category.EDUCATION,
    Category.HARM,
    Category.OFFENDING,
    Category.HOUSING,
    Category.HEALTH,
    Category.FAMILY,
    Category.EMPLOYMENT,
    Category.TASKING,
)


def member_of(hat: Membership, stepped_up_at: datetime | None = None) -> Member:
    """The actor that a membership makes."""
    return Member(hat.user_id, hat.pk, hat.agency_id, Role(hat.role), stepped_up_at)


@dataclass
class Cast:
    """A charity, a unit, a school and an outsider; and who works there."""

    agencies: dict[str, Agency] = field(default_factory=dict)
    hats: dict[str, Membership] = field(default_factory=dict)
    agreements: list[Agreement] = field(default_factory=list)

    def agency(self, slug: str, kind: str = "voluntary") -> Agency:
        """An agency by its slug, opened when first asked for, with an administrator."""
        if slug not in self.agencies:
            self.agencies[slug] = membership.open_agency(
                name=slug.replace("-", " ").title(), slug=slug, kind=kind, by=OPERATOR
            )
            self.hire(f"{slug}-administrator", slug, Role.ADMINISTRATOR)
        return self.agencies[slug]

    def hire(
        self, username: str, slug: str, role: Role = Role.PRACTITIONER, home: str | None = None
    ) -> Member:
        """A user with a membership; the actor that it makes."""
        agency = self.agencies.get(slug) or self.agency(slug)
        user = User.objects.filter(username=username).first() or membership.open_account(
            username=username,
            name=username.replace("-", " ").title(),
            email=f"{username}@example.org",
            password=PASSWORD,
            is_demo=True,
            by=OPERATOR,
        )
        hat = membership.begin(
            user=user,
            agency=agency,
            role=role,
            home_agency=self.agency(home) if home else None,
            by=OPERATOR,
        )
        self.hats[username] = hat
        return member_of(hat)

    def who(self, username: str, stepped_up_at: datetime | None = None) -> Member:
        """The actor behind a user name."""
        return member_of(self.hats[username], stepped_up_at)

    def user(self, username: str) -> User:
        """The user behind a user name."""
        return self.hats[username].user

    def agree(
        self,
        *slugs: str,
        categories: Iterable[Category] = SHARED,
        ends: datetime | None = None,
    ) -> Agreement:
        """An agreement that every party has confirmed."""
        first = self.who(f"{slugs[0]}-administrator")
        drawn = agreement.draw_up(
            title=" and ".join(slugs),
            purposes="To support young people together",
            categories=categories,
            parties=[self.agencies[slug] for slug in slugs],
            ends=ends,
            review_on=date(2027, 1, 1),
            by=first,
        )
        for slug in slugs:
            agreement.confirm(agreement=drawn, by=self.who(f"{slug}-administrator"))
        self.agreements.append(drawn)
        return drawn

    def refer(self, by: Any = None, to: str = "lead-charity", **said: Any) -> Any:
        """A referral of somebody invented."""
        request = {
            "given_name": "Kofi",
            "family_name": "Mensah-Lowe",
            "date_of_birth": date(2007, 2, 11),
            "door": "prison",
            "why_now": "Released on Friday with nowhere to stay.",
            "wants": "A room and a job on the railways.",
            "knows": "yes",
            "agrees": "yes",
            "safe_contact": "Text, not calls, before noon.",
        } | said
        return referral.make(
            sent_to=self.agencies[to],
            request=referral.Request(**request),
            by=by or self.who("prison-worker"),
        )

    def open_case(self, led_by: str = "lead-worker", **said: Any) -> Case:
        """A case with a lead worker, from a referral that was accepted."""
        made = self.refer(**said)
        case = opening.accept(referral=made, by=self.who("charity-manager"))
        if led_by:
            lead.assign(case=case, worker_id=self.user(led_by).pk, by=self.who("charity-manager"))
            case.refresh_from_db()
        return case

    def share(
        self,
        person: YoungPerson,
        slug: str,
        *categories: Category,
        worker: str | None = None,
        until: timedelta = timedelta(days=84),
        by: str = "lead-worker",
    ) -> Consent:
        """The young person's consent that an agency, or one worker in it, sees categories."""
        from core.clock import instant

        return consent.record(
            person=person,
            lines=[
                Line(
                    agency_id=self.agencies[slug].pk,
                    worker_id=self.user(worker).pk if worker else None,
                    categories=frozenset(categories),
                    until=instant() + until,
                    whole_agency_reason="" if worker else "Several of them work with him",
                )
            ],
            giver="young_person",
            competence="presumed",
            channel="face_to_face",
            place="community",
            purposes=["support"],
            by=self.who(by),
        )

    def join(self, case: Case, username: str, *categories: Category) -> None:
        """A worker joins the team for some categories."""
        hat = self.hats[username]
        lead.join_team(
            case=case,
            agency=hat.agency,
            worker_id=hat.user_id,
            categories=categories,
            by=self.who("charity-manager"),
        )

    def bar(self, person: YoungPerson, username: str) -> None:
        """A user who must never see this person."""
        protection.bar(
            person=person,
            user=self.user(username),
            reason="A cousin of somebody he is in conflict with",
            review_on=date(2027, 1, 1),
            by=self.who("charity-manager"),
        )

    def add_goal(self, case: Case, component: Category, words: str) -> Goal:
        """A goal in the young person's own words."""
        return goal.add_goal(
            plan=Plan.rows.get(case=case),
            component=component,
            own_words=words,
            by=self.who("lead-worker"),
        )

    @contextmanager
    def acting(self, username: str, at: datetime | None = None) -> Any:
        """Do something as a member, in a transaction as a request would have it."""
        with transact(self.who(username), route="test", at=at) as notes:
            yield notes


def build_cast() -> Cast:
    """The usual cast."""
    cast = Cast()
    for slug, kind in (
        ("lead-charity", "voluntary"),
        ("borough-unit", "integrated_unit"),
        ("police", "police"),
        ("school", "school"),
        ("housing", "housing"),
        ("prison-charity", "voluntary"),
        ("other-borough", "integrated_unit"),
    ):
        cast.agency(slug, kind)
    for username, slug, role in (
        ("lead-worker", "lead-charity", Role.PRACTITIONER),
        ("family-worker", "lead-charity", Role.PRACTITIONER),
        ("colleague", "lead-charity", Role.PRACTITIONER),
        ("clinician", "lead-charity", Role.CLINICIAN),
        ("charity-manager", "lead-charity", Role.MANAGER),
        ("second-manager", "lead-charity", Role.MANAGER),
        ("auditor", "lead-charity", Role.AUDITOR),
        ("unit-worker", "borough-unit", Role.PRACTITIONER),
        ("unit-manager", "borough-unit", Role.MANAGER),
        ("unit-auditor", "borough-unit", Role.AUDITOR),
        ("analyst", "borough-unit", Role.ANALYST),
        ("housing-officer", "housing", Role.PRACTITIONER),
        ("school-lead", "school", Role.PRACTITIONER),
        ("prison-worker", "prison-charity", Role.PRACTITIONER),
        ("outsider", "other-borough", Role.PRACTITIONER),
        ("outside-manager", "other-borough", Role.MANAGER),
    ):
        cast.hire(username, slug, role)
    cast.hire("police-officer", "borough-unit", Role.PRACTITIONER, home="police")
    KindOfIntervention.objects.get_or_create(
        code="housing-advice", defaults={"name": "Housing advice", "component": "housing"}
    )
    return cast
