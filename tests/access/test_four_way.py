"""Four ways to the same answer, whatever has been done: the oracle, the rule, the scope, the wall.

A state machine grants, withdraws, hands over, suspends, bars, restricts, breaks glass, lets
people leave and the clock run, all by the product's own actions on real PostgreSQL; after
every step each of the cast is asked about.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from access.actor import NotAllowed, NotVisible
from access.categories import Category
from access.facts import world_to
from access.rule import decide
from agencies.actions import membership
from agencies.models import Membership
from casework.actions import lead
from core import clock
from core.errors import Invalid, Refused
from people.matching import Facts
from people.models import YoungPerson
from sharing import facts
from sharing.actions import agreement, break_glass, consent, decision, protection
from sharing.models import (
    Agreement,
    AgreementSuspension,
    Bar,
    Consent,
    Involvement,
    LawfulBasis,
    Restriction,
    SharingDecision,
)
from tests.access import oracle
from tests.access.behind import behind_the_wall, is_coarsely_visible, people_in
from tests.access.test_scope import scoped
from tests.conftest import NOW

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
REFUSALS = (NotAllowed, NotVisible, Refused, Invalid)
RECIPIENTS = [
    ("borough-unit", None),
    ("borough-unit", "unit-worker"),
    ("housing", "housing-officer"),
    ("school", "school-lead"),
]
KINDS = [Category.HOUSING, Category.SAFETY, Category.EDUCATION, Category.FAMILY, Category.TASKING]
STEPS = [
    timedelta(microseconds=1),
    timedelta(minutes=5),
    timedelta(hours=12),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=29),
]
tried: Counter[str] = Counter()


class Sharing(RuleBasedStateMachine):
    """What can happen to one young person and to those around them."""

    cast = None
    case = None

    def __init__(self):
        super().__init__()
        self.now = NOW
        self.frame = transaction.atomic()
        self.frame.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    def doing(self, action):
        """Do it at the machine's own time; what is refused changes nothing."""
        try:
            with clock.at(self.now), transaction.atomic():
                action()
                tried["done"] += 1
        except REFUSALS:
            tried["refused"] += 1

    def who(self, username):
        return self.cast.who(username, stepped_up_at=self.now)

    def leader(self):
        return lead.LeadPeriod.rows.live(self.now).get(case=self.case).worker.username

    @rule(to=st.sampled_from(RECIPIENTS), what=st.sets(st.sampled_from(KINDS), min_size=1),
          days=st.sampled_from([1, 14, 84]))  # fmt: skip
    def grant(self, to, what, days):
        self.doing(
            lambda: self.cast.share(
                self.case.person,
                to[0],
                *what,
                worker=to[1],
                until=timedelta(days=days),
                by=self.leader(),
            )
        )

    @rule(last=st.booleans())
    def withdraw(self, last):
        given = Consent.rows.filter(withdrawn_at=None).order_by("given_at", "pk")
        row = given.last() if last else given.first()
        if row:
            self.doing(lambda: consent.withdraw(consent=row, by=self.who(self.leader())))

    @rule(to=st.sampled_from(RECIPIENTS), one_off=st.booleans())
    def decide(self, to, one_off):
        def share():
            row = decision.propose(
                person=self.case.person,
                share=True,
                kind="one_off" if one_off else "routine",
                agency=self.cast.agencies[to[0]],
                worker_id=self.cast.user(to[1]).pk if to[1] else None,
                categories=[Category.HOUSING, Category.EDUCATION],
                lawful_basis=LawfulBasis.objects.get(code="legitimate-interests"),
                necessity="They can't help without it",
                proportionality="Two kinds of information",
                told=True,
                until=self.now + timedelta(days=20),
                by=self.who(self.leader()),
            )
            decision.approve(decision=row, by=self.who("second-manager"))

        self.doing(share)

    @rule()
    def end_decision(self):
        row = SharingDecision.rows.filter(state="approved", ended_at=None).first()
        if row:
            self.doing(lambda: decision.end(decision=row, by=self.who(self.leader())))

    @rule(to=st.sampled_from(["lead-worker", "colleague", "family-worker"]))
    def hand_over(self, to):
        before = self.cast.user(self.leader()).pk
        self.doing(
            lambda: lead.assign(
                case=self.case,
                worker_id=self.cast.user(to).pk,
                replacing=before,
                by=self.who("charity-manager"),
            )
        )

    @rule(username=st.sampled_from(["clinician", "unit-worker", "school-lead", "police-officer"]))
    def join(self, username):
        self.doing(lambda: self.cast.join(self.case, username, Category.SAFETY, Category.HEALTH))

    @rule()
    def leave_team(self):
        row = Involvement.rows.live(self.now).filter(basis="team").first()
        if row:
            self.doing(lambda: lead.leave_team(row=row, by=self.who("charity-manager")))

    @rule(which=st.integers(0, 2))
    def suspend_or_resume(self, which):
        row = Agreement.objects.order_by("pk")[which]
        by = self.who("lead-charity-administrator")
        if AgreementSuspension.objects.live(self.now).filter(agreement=row).exists():
            self.doing(lambda: agreement.resume(agreement=row, by=by))
        else:
            self.doing(lambda: agreement.suspend(agreement=row, reason="A breach", by=by))

    @rule(username=st.sampled_from(["unit-worker", "colleague", "auditor", "lead-worker"]))
    def bar_or_lift(self, username):
        manager = self.who("charity-manager")
        row = Bar.rows.live(self.now).filter(user__username=username).first()
        if row:
            self.doing(lambda: protection.lift_bar(row=row, by=manager))
        else:
            self.doing(lambda: self.cast.bar(self.case.person, username))

    @rule()
    def restrict_or_lift(self):
        manager = self.who("second-manager")
        row = Restriction.rows.live(self.now).first()
        if row:
            self.doing(lambda: protection.lift_restriction(row=row, by=manager))
            return

        def restrict():
            self.cast.join(self.case, "second-manager", Category.SAFETY)
            protection.restrict(
                person=self.case.person,
                reason="Threats",
                review_on=date(2027, 1, 1),
                by=self.who("charity-manager"),
            )

        self.doing(restrict)

    @rule(username=st.sampled_from(["outsider", "colleague", "housing-officer"]))
    def break_the_glass(self, username):
        self.doing(
            lambda: break_glass.open_record(
                facts=Facts(name="Kofi Mensah-Lowe", born=date(2007, 2, 11)),
                risk="life",
                reason="Stabbed",
                shift_ends=self.now + timedelta(hours=6),
                by=self.who(username),
            )
        )

    @precondition(lambda self: self.now > NOW)
    @rule(username=st.sampled_from(["unit-worker", "housing-officer", "police-officer"]))
    def leave(self, username):
        hat = Membership.objects.get(pk=self.cast.hats[username].pk)
        slug = hat.agency.slug
        self.doing(lambda: membership.end(membership=hat, by=self.who(f"{slug}-administrator")))

    @rule(step=st.sampled_from(STEPS))
    def wait(self, step):
        self.now += step

    @invariant()
    def the_four_agree(self):
        person = self.case.person_id
        with clock.at(self.now):
            for username in self.cast.hats:
                member = self.who(username)
                world = facts.worlds(member, [person])[person]
                answer = decide(world)
                told = oracle.answer(world_to(world))
                assert told["visible"] == sorted(answer.visible), username
                assert told["write"] == sorted(answer.write), username
                assert told["auditable"] == answer.auditable, username
                assert scoped(member, [person]).get(person, frozenset()) == answer.visible
                with behind_the_wall(member, self.now):
                    behind = decide(facts.worlds(member, [person])[person])
                    assert behind.visible == answer.visible, username
                    assert behind.write == answer.write, username
                    assert behind.auditable == answer.auditable, username
                    assert scoped(member, [person]).get(person, frozenset()) == answer.visible
                    rows = people_in("people_youngperson", "id", [person])
                    assert bool(rows) == is_coarsely_visible(world), username
                tried["questions"] += 1
                tried["opened"] += bool(answer.visible)


@pytest.mark.django_db
def test_whatever_is_done_the_four_agree(cast):
    cast.agree("lead-charity", "borough-unit")
    cast.agree("borough-unit", "police")
    cast.agree("lead-charity", "housing", ends=NOW + timedelta(days=30))
    case = cast.open_case()
    YoungPerson.rows.filter(pk=case.person_id).update(provisional=False)
    Sharing.cast, Sharing.case = cast, case
    run_state_machine_as_test(
        Sharing,
        settings=settings(
            max_examples=60 if DEEP else 4,
            stateful_step_count=40 if DEEP else 10,
            deadline=None,
            derandomize=not DEEP,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(dict(tried))
    assert tried["questions"] > 500
    assert tried["done"] > tried["refused"] / 2
    assert tried["opened"] > tried["questions"] / 5
