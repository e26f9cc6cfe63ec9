"""Step-down, closing, following up and coming back."""

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed, NotVisible
from access.bases import Basis
from access.categories import COMPONENTS, Category
from access.roles import Role
from agencies.actions import membership
from casework.actions import about_me, goal, lead, opening, plan, step_down
from casework.models import Case, FollowUp, LeadPeriod, Plan, PlanComponent, StepDown
from casework.queries import caseload
from core.clock import instant, today
from core.errors import Conflict, Invalid
from directory.models import Organization, Service
from sharing.models import Involvement
from tasking.actions import task
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees, told, writes

__all__ = ["later", "sign_in"]

HOUSING, POINTER, CONTACT = Category.HOUSING, Category.POINTER, Category.CONTACT
SAFETY, HEALTH = Category.SAFETY, Category.HEALTH


@pytest.fixture
def case(cast):
    return cast.open_case()


@pytest.fixture
def service(db):
    return Service.objects.create(
        organization=Organization.objects.create(name="Yard", description="A club"),
        name="Club",
        takes_step_down=True,
    )


def propose(cast, case, service, by="lead-worker", **more):
    said = {
        "service_contact": "020 7946 0000",
        "said_yes_on": today(),
        "said_yes_by": "Ama",
        "categories": [HOUSING],
        "why": "He has a room",
    } | more
    by = cast.who(by) if isinstance(by, str) else by
    return step_down.propose(case=case, service=service, by=by, **said)


def decide(cast, row, by="charity-manager", approve=True, reason=""):
    by = cast.who(by) if isinstance(by, str) else by
    return step_down.decide(step_down=row, approve=approve, reason=reason, by=by)


def close(cast, case, reason="goals_met", by="charity-manager"):
    return step_down.close(case=case, reason=reason, by=cast.who(by))


def test_a_proposal_changes_nothing_but_asks(cast, case, service):
    row = propose(cast, case, service)
    case.refresh_from_db()
    assert (row.state, case.state) == ("proposed", "assessment")
    assert not FollowUp.rows.exists()
    assert told("step_down.proposed").person_id == case.person_id


def test_approval_dates_the_checks_at_4_12_and_26_weeks(cast, case, service):
    decide(cast, propose(cast, case, service))
    case.refresh_from_db()
    checks = FollowUp.rows.order_by("weeks").values_list("weeks", "due_on", "owner__username")
    assert case.state == "stepping_down"
    assert list(checks) == [
        (4, date(2026, 3, 31), "lead-worker"),
        (12, date(2026, 5, 26), "lead-worker"),
        (26, date(2026, 9, 1), "lead-worker"),
    ]


def test_who_proposed_it_does_not_approve_it_under_any_hat(cast, case, service):
    row = propose(cast, case, service)
    manager = cast.hire("lead-worker", "lead-charity", Role.MANAGER)
    with refuses(NotAllowed):
        decide(cast, row, by=manager)
    with refuses(NotAllowed):
        decide(cast, row, by=manager, approve=False, reason="x")


def test_a_refusal_says_why_and_a_new_one_may_be_proposed(cast, case, service):
    row = propose(cast, case, service)
    with refuses(Conflict):
        propose(cast, case, service)
    with refuses(Invalid, "reason"):
        decide(cast, row, approve=False, reason=" ")
    decide(cast, row, approve=False, reason="Not in exam time")
    with refuses(Conflict):
        decide(cast, row)
    assert propose(cast, case, service).state == "proposed"


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("charity-manager", NotAllowed),
        ("colleague", NotAllowed),
        ("auditor", NotAllowed),
        ("outsider", NotVisible),
    ],
)
def test_only_the_lead_proposes(cast, case, service, username, refusal):
    with refuses(refusal):
        propose(cast, case, service, by=username)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [("lead-worker", NotAllowed), ("unit-manager", NotAllowed), ("outside-manager", NotVisible)],
)
def test_only_managers_of_the_lead_agency_approve_and_close(cast, case, service, username, refusal):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-manager", POINTER, HOUSING)
    row = propose(cast, case, service)
    with refuses(refusal):
        decide(cast, row, by=username)
    with refuses(refusal):
        close(cast, case, by=username)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"categories": []}, "categories"),
        ({"categories": [CONTACT]}, "categories"),
        ({"said_yes_on": date(2026, 3, 4)}, "said_yes_on"),
        ({"said_yes_by": " "}, "said_yes_by"),
        ({"service_contact": ""}, "service_contact"),
        ({"why": ""}, "why"),
    ],
)
def test_what_is_missing_is_named(cast, case, service, wrong, field):
    with refuses(Invalid, field):
        propose(cast, case, service, **wrong)


def test_closing_ends_lead_and_team_and_keeps_a_record(cast, case, later):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    with later(days=1):
        close(cast, case, "moved")
        assert sees(cast, "unit-worker", case.person) == set()
        assert not LeadPeriod.rows.live().filter(case=case).exists()
        live = Involvement.rows.live().filter(person=case.person, agency=case.agency)
        assert [row.basis for row in live] == [Basis.RECORD]
        assert HEALTH in sees(cast, "charity-manager", case.person)
        assert Category.TASKING not in sees(cast, "lead-worker", case.person)
        assert writes(cast, "lead-worker", case.person) == set()
    assert told("case.closed").fields == ["close_note", "close_reason"]


def test_after_a_step_down_the_lead_keeps_what_following_up_needs(cast, case, service, later):
    decide(cast, propose(cast, case, service))
    close(cast, case, "stepped_down")
    row = Involvement.rows.get(basis=Basis.FOLLOW_UP)
    assert row.categories == {POINTER, CONTACT, SAFETY, HOUSING}
    assert writes(cast, "lead-worker", case.person) == row.categories
    with later(weeks=28):
        assert writes(cast, "lead-worker", case.person) == set()


def test_stepped_down_needs_an_approved_step_down(cast, case, service):
    propose(cast, case, service)
    with refuses(Invalid, "close_reason"):
        close(cast, case, "stepped_down")


def test_a_case_is_closed_for_a_reason_and_once(cast, case):
    for reason in ("", "bored"):
        with refuses(Invalid, "close_reason"):
            close(cast, case, reason)
    close(cast, case)
    with refuses((Conflict, NotAllowed)):
        close(cast, case)


def test_after_a_death_nobody_is_followed_up(cast, case, service):
    decide(cast, propose(cast, case, service))
    close(cast, case, "died")
    assert not FollowUp.rows.exists()
    assert not Involvement.rows.filter(basis=Basis.FOLLOW_UP).exists()
    assert writes(cast, "lead-worker", case.person) == set()


def test_a_check_is_made_once_by_who_follows_up(cast, case, service, later):
    decide(cast, propose(cast, case, service))
    close(cast, case, "stepped_down")
    with later(weeks=4):
        check = FollowUp.rows.get(weeks=4)
        with refuses(NotAllowed):
            step_down.follow_up(check=check, outcome="going_well", by=cast.who("colleague"))
        with refuses(NotVisible):
            step_down.follow_up(check=check, outcome="going_well", by=cast.who("outsider"))
        with refuses(Invalid, "outcome"):
            step_down.follow_up(check=check, outcome="fine", by=cast.who("lead-worker"))
        done = step_down.follow_up(check=check, outcome="going_well", by=cast.who("lead-worker"))
        assert (done.done_at, done.done_by) == (instant(), cast.user("lead-worker"))
        with refuses(Conflict):
            step_down.follow_up(check=check, outcome="going_well", by=cast.who("lead-worker"))


def test_coming_back_is_a_new_episode_with_a_reason(cast, case):
    close(cast, case)
    with refuses(Invalid, "reason"):
        opening.reopen(case=case, reason=" ", by=cast.who("charity-manager"))
    again = opening.reopen(case=case, reason="He rang", by=cast.who("charity-manager"))
    assert (again.episode, again.state) == (2, "opening")
    assert Case.rows.get(pk=case.pk).state == "closed"
    assert PlanComponent.rows.filter(plan__case=again).count() == len(COMPONENTS)
    assert HOUSING in writes(cast, "charity-manager", case.person)
    with refuses(Conflict):
        opening.reopen(case=again, reason="Again", by=cast.who("charity-manager"))


@pytest.mark.parametrize(
    ("username", "refusal"), [("lead-worker", NotAllowed), ("outside-manager", NotVisible)]
)
def test_only_a_manager_of_the_agency_that_led_reopens(cast, case, username, refusal):
    close(cast, case)
    with refuses(refusal):
        opening.reopen(case=case, reason="He rang", by=cast.who(username))


def test_the_plan_of_a_closed_case_is_closed(cast, case, service):
    decide(cast, propose(cast, case, service))
    close(cast, case, "stepped_down")
    its, by = Plan.rows.get(case=case), cast.who("lead-worker")
    with refuses(Conflict):
        goal.add_goal(plan=its, component=HOUSING, own_words="A garden", by=by)
    with refuses(Conflict):
        plan.plan_intervention(plan=its, component=HOUSING, what="Seeds", by=by)
    with refuses(Conflict):
        plan.use_component(plan=its, component=HOUSING, in_use=False, by=by)


def test_nobody_hands_over_a_closed_case(cast, case):
    close(cast, case)
    with refuses((Conflict, NotAllowed)):
        cast.join(case, "family-worker", HOUSING)


def test_the_last_check_comes_before_following_up_ends(cast, case, service):
    decide(cast, propose(cast, case, service))
    close(cast, case, "stepped_down")
    last = FollowUp.rows.latest("due_on")
    assert last.due_on + timedelta(days=13) < Involvement.rows.get(basis="follow_up").ends.date()


def test_what_waits_for_a_decision_lapses_when_the_case_is_closed(cast, case, service):
    row = propose(cast, case, service)
    close(cast, case)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("lapsed", None)
    assert not caseload.step_downs_waiting(cast.who("charity-manager")).exists()
    assert told("step_down.lapsed").subject_id == row.pk


def test_a_closed_case_does_not_step_down(cast, case, service):
    row = propose(cast, case, service)
    close(cast, case)
    with refuses(NotAllowed):
        decide(cast, row)
    opened = opening.reopen(case=case, reason="Came back", by=cast.who("charity-manager"))
    with refuses(Conflict):
        decide(cast, row)
    # One that waits still although its case was closed, as those of before did.
    StepDown.rows.filter(pk=row.pk).update(state="proposed", decided_at=None)
    with refuses(Conflict):
        decide(cast, row)
    opened.refresh_from_db()
    assert (opened.state, FollowUp.rows.count()) == ("opening", 0)
    assert decide(cast, row, approve=False, reason="It was closed").state == "refused"


def test_a_service_that_takes_nobody_or_has_ended_is_refused(cast, case, service):
    for change in (
        {"takes_step_down": False},
        {"takes_step_down": True, "status": "inactive"},
        {"status": "active", "funding_ends_on": today() - timedelta(days=1)},
    ):
        Service.objects.filter(pk=service.pk).update(**change)
        with refuses(Invalid, "service"):
            propose(cast, case, service)
    Service.objects.filter(pk=service.pk).update(funding_ends_on=today())
    assert propose(cast, case, service).state == "proposed"


def test_the_checks_follow_the_lead(cast, case, service):
    decide(cast, propose(cast, case, service))
    lead.assign(
        case=case,
        worker_id=cast.user("colleague").pk,
        replacing=cast.user("lead-worker").pk,
        by=cast.who("charity-manager"),
    )
    assert set(FollowUp.rows.values_list("owner__username", flat=True)) == {"colleague"}


def test_a_check_that_is_due_is_made_while_the_case_still_steps_down(cast, case, service, later):
    decide(cast, propose(cast, case, service))
    with later(days=27), cast.acting("lead-worker"):
        due = caseload.follow_ups_due(cast.who("lead-worker"))
        assert [check.weeks for check in due] == [4]


def test_a_manager_makes_the_checks_of_who_has_left(cast, case, service):
    decide(cast, propose(cast, case, service))
    close(cast, case, "stepped_down")
    with cast.acting("lead-charity-administrator"):
        membership.end(
            membership=cast.hats["lead-worker"], by=cast.who("lead-charity-administrator")
        )
    owners = set(FollowUp.rows.values_list("owner__username", flat=True))
    assert owners <= {"charity-manager", "second-manager"}
    [owner] = owners
    assert {CONTACT, SAFETY} <= writes(cast, owner, case.person)
    step_down.follow_up(check=FollowUp.rows.first(), outcome="going_well", by=cast.who(owner))
    assert told("follow_ups.moved").person_id == case.person_id


def test_after_a_death_everything_that_was_still_to_come_stops(cast, case, service, sign_in):
    cast.agree("lead-charity", "borough-unit")
    decide(cast, propose(cast, case, service))
    cast.join(case, "unit-worker", Category.TASKING)
    given = task.assign(
        person=case.person,
        what="Bring the forms round",
        owner_id=cast.user("unit-worker").pk,
        owner_agency_id=cast.agencies["borough-unit"].pk,
        due_on=today(),
        by=cast.who("charity-manager"),
    )
    card, _ = about_me.issue_card(person=case.person, by=cast.who("lead-worker"))
    page = sign_in("charity-manager").get(f"/cases/{case.reference}/close/").content.decode()
    assert "A task about them is still open" in page
    close(cast, case, "died")
    given.refresh_from_db()
    card.refresh_from_db()
    assert given.state == "cancelled"
    assert not Involvement.rows.live().filter(basis=Basis.TASK).exists()
    assert card.ended_at is not None
    assert not FollowUp.rows.exists()
    for verb in ("task.cancelled", "card.ended", "follow_ups.stopped"):
        assert told(verb).person_id == case.person_id


def test_a_task_outlives_any_other_closing(cast, case):
    given = task.assign(
        person=case.person,
        what="Bring the forms round",
        owner_id=cast.user("colleague").pk,
        owner_agency_id=case.agency_id,
        due_on=today(),
        by=cast.who("charity-manager"),
    )
    close(cast, case)
    given.refresh_from_db()
    assert given.state == "set"
