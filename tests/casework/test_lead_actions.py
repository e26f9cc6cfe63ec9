"""The lead worker: one and only one, handed over with a tail; cover and team beside."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from access.actor import NotAllowed, NotVisible
from access.bases import Basis
from access.categories import ALL, Category
from audit.models import Event
from casework.actions import intervention, lead
from casework.models import Case, Intervention, KindOfIntervention, LeadPeriod
from core.clock import instant, today
from core.errors import Conflict, Invalid
from sharing.actions import involvement, protection
from sharing.models import Involvement
from tasking.actions import task
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees, told, writes

__all__ = ["later", "sign_in"]

HOUSING, POINTER, SAFETY = Category.HOUSING, Category.POINTER, Category.SAFETY


@pytest.fixture
def case(cast):
    return cast.open_case()


def assign(cast, case, worker, replacing=None, by="charity-manager"):
    return lead.assign(
        case=case,
        worker_id=cast.user(worker).pk,
        replacing=cast.user(replacing).pk if replacing else None,
        by=cast.who(by) if by else None,
    )


def log(cast, case, username, at, *categories):
    return intervention.log(
        person=case.person,
        categories=categories or [HOUSING],
        kind=KindOfIntervention.objects.first(),
        at=at,
        minutes=30,
        attendance="came",
        by=cast.who(username),
    )


def check_after(change):
    """Make a change, and have the database check now what it checks when a transaction ends."""
    with transaction.atomic():
        change()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_lead_opens_all_but_enforcement_to_that_worker_alone(cast):
    case = cast.open_case(led_by="")
    assert sees(cast, "lead-worker", case.person) == {POINTER}
    assign(cast, case, "lead-worker")
    row = Involvement.rows.get(person=case.person, basis=Basis.LEAD)
    assert (row.worker, row.categories, row.ends) == (cast.user("lead-worker"), ALL, None)
    assert HOUSING in writes(cast, "lead-worker", case.person)
    assert sees(cast, "colleague", case.person) == {POINTER}


def test_with_a_lead_the_intake_is_over_and_assessment_begins(cast):
    case = cast.open_case(led_by="")
    assign(cast, case, "lead-worker")
    case.refresh_from_db()
    assert case.state == "assessment"
    assert not Involvement.rows.live().filter(basis=Basis.INTAKE).exists()
    assert told("lead.assigned").detail["worker"] == str(cast.user("lead-worker").pk)


def test_after_a_handover_there_is_still_exactly_one(cast, case, later):
    with later(days=2):
        assign(cast, case, "family-worker", replacing="lead-worker")
    for days, username in ((0, "lead-worker"), (2, "family-worker"), (9, "family-worker")):
        with later(days=days):
            now = LeadPeriod.rows.live().filter(case=case)
            assert [row.worker.username for row in now] == [username]


def test_of_two_managers_the_second_is_told(cast, case):
    assign(cast, case, "family-worker", replacing="lead-worker")
    with refuses(Conflict):
        assign(cast, case, "colleague", replacing="lead-worker", by="second-manager")


def test_who_believes_that_nobody_leads_is_told(cast, case):
    with refuses(Conflict):
        assign(cast, case, "colleague")
    with refuses(Conflict):
        assign(cast, case, "lead-worker", replacing="lead-worker")


def test_the_database_refuses_a_second_lead_at_the_same_time(cast, case):
    with refuses(IntegrityError):
        with transaction.atomic():
            LeadPeriod(
                person=case.person,
                case=case,
                worker=cast.user("colleague"),
                agency=case.agency,
                assigned_by=cast.user("charity-manager"),
                starts=instant() + timedelta(days=1),
                ends=instant() + timedelta(days=2),
            ).sealed_save(force_insert=True)


def test_a_second_lead_that_slips_past_the_question_becomes_a_conflict(cast, case, monkeypatch):
    nobody = LeadPeriod.rows.none()
    monkeypatch.setattr("casework.actions.lead.LeadPeriod.rows.live", lambda: nobody)
    with refuses(Conflict):
        assign(cast, case, "colleague")


def test_the_database_refuses_a_led_case_without_a_lead(cast, case):
    period = LeadPeriod.rows.get(case=case)
    period.ends = instant()
    with pytest.raises(IntegrityError, match="case_has_a_lead"):
        check_after(period.sealed_save)


@pytest.mark.parametrize("state", ["assessment", "active", "stepping_down"])
def test_no_case_gets_into_a_led_state_without_one(cast, state):
    case = Case.rows.filter(pk=cast.open_case(led_by="").pk)
    with pytest.raises(IntegrityError, match="case_has_a_lead"):
        check_after(lambda: case.update(state=state))


def test_a_case_that_waits_or_is_closed_needs_none(cast):
    check_after(lambda: cast.open_case(led_by=""))


def test_the_tail_reads_for_fourteen_days_and_writes_nothing(cast, case, later):
    with later(days=1):
        assign(cast, case, "family-worker", replacing="lead-worker")
        assert HOUSING in sees(cast, "lead-worker", case.person)
        assert Category.TASKING not in sees(cast, "lead-worker", case.person)
        assert writes(cast, "lead-worker", case.person) == set()
    with later(days=15, seconds=-1):
        assert HOUSING in sees(cast, "lead-worker", case.person)
    with later(days=15):
        assert sees(cast, "lead-worker", case.person) == {POINTER}


def test_through_the_tail_a_contact_before_the_handover_is_logged_and_no_later_one(
    cast, case, later
):
    with later(days=1):
        assign(cast, case, "family-worker", replacing="lead-worker")
    with later(days=3):
        late = log(cast, case, "lead-worker", instant() - timedelta(days=2, hours=1))
        for hours in (0, 47, 48):
            with refuses(NotAllowed):
                log(cast, case, "lead-worker", instant() - timedelta(hours=hours))
    with later(days=15):
        with refuses(NotAllowed):
            log(cast, case, "lead-worker", instant() - timedelta(days=14, hours=1))
    assert list(Intervention.rows.all()) == [late]


def test_through_the_tail_nobody_logs_what_the_tail_does_not_carry(cast, later):
    case = cast.open_case(led_by="clinician")
    with later(days=1):
        assign(cast, case, "family-worker", replacing="clinician")
        with refuses(NotAllowed):
            log(cast, case, "clinician", instant() - timedelta(hours=1), Category.CLINICAL)


def test_on_being_the_lead_again_the_worker_writes_again(cast, case, later):
    with later(days=1):
        assign(cast, case, "family-worker", replacing="lead-worker")
    with later(days=2):
        assign(cast, case, "lead-worker", replacing="family-worker")
        assert HOUSING in writes(cast, "lead-worker", case.person)


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("lead-worker", NotAllowed),
        ("auditor", NotAllowed),
        ("unit-manager", NotAllowed),
        ("outside-manager", NotVisible),
    ],
)
def test_only_managers_of_the_lead_agency_decide_who_works_with_them(cast, case, username, refusal):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-manager", POINTER, HOUSING)
    place = Involvement.rows.get(basis=Basis.TEAM)
    by = cast.who(username)
    with refuses(refusal):
        assign(cast, case, "colleague", replacing="lead-worker", by=username)
    with refuses(refusal):
        lead.join_team(
            case=case,
            agency=cast.agencies["borough-unit"],
            worker_id=cast.user("unit-worker").pk,
            categories=[Category.HEALTH],
            by=by,
        )
    with refuses(refusal):
        lead.cover(
            case=case,
            worker_id=cast.user("unit-worker").pk,
            ends=instant() + timedelta(days=1),
            by=by,
        )
    with refuses(refusal):
        lead.leave_team(row=place, by=by)


def test_nobody_leads_who_does_not_work_there(cast, case):
    for username in ("unit-worker", "auditor", "lead-charity-administrator"):
        with refuses(Invalid, "worker"):
            assign(cast, case, username, replacing="lead-worker")


def test_a_team_worker_sees_and_writes_what_was_ticked(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    assert sees(cast, "unit-worker", case.person) == {POINTER, HOUSING}
    assert writes(cast, "unit-worker", case.person) == {HOUSING}
    assert HOUSING in sees(cast, "unit-manager", case.person)
    assert sees(cast, "school-lead", case.person) == set()


def test_a_place_on_the_team_ends_at_once_and_another_basis_is_not_ended_so(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    manager = cast.who("charity-manager")
    lead.leave_team(row=Involvement.rows.get(basis=Basis.TEAM), by=manager)
    assert sees(cast, "unit-worker", case.person) == set()
    with refuses(NotAllowed):
        lead.leave_team(row=Involvement.rows.get(basis=Basis.LEAD), by=manager)


def place(cast, username):
    """The last place on the team that a worker was given."""
    return Involvement.rows.filter(basis=Basis.TEAM, worker=cast.user(username)).latest(
        "starts", "pk"
    )


def give_address(cast, case, username):
    """A place on the team for the safe address alone, as its release makes one."""
    hat = cast.hats[username]
    return involvement.begin(
        person_id=case.person_id,
        agency_id=hat.agency_id,
        worker_id=hat.user_id,
        basis=Basis.TEAM,
        categories=[Category.SAFE_ADDRESS],
        ends=instant() + timedelta(days=7),
        by=cast.who("charity-manager"),
    )


def test_nobody_leaves_twice(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    row, manager = place(cast, "unit-worker"), cast.who("charity-manager")
    lead.leave_team(row=row, by=manager)
    with refuses(Conflict):
        lead.leave_team(row=row, by=manager)
    assert Event.objects.filter(verb="involvement.ended", subject_id=row.pk).count() == 1


def test_who_leaves_is_shown_the_safe_address_no_longer(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    row = place(cast, "unit-worker")
    give_address(cast, case, "unit-worker")
    lead.leave_team(row=row, by=cast.who("charity-manager"))
    assert not Involvement.rows.live().filter(worker=cast.user("unit-worker")).exists()


def test_the_address_can_be_taken_back_alone(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    lead.leave_team(row=give_address(cast, case, "unit-worker"), by=cast.who("charity-manager"))
    assert sees(cast, "unit-worker", case.person) == {POINTER, HOUSING}


def test_what_somebody_had_to_do_goes_home_when_they_leave(cast, case):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", Category.TASKING)
    hat = cast.hats["unit-worker"]
    given = task.assign(
        person=case.person,
        what="Ring the landlord",
        owner_id=hat.user_id,
        owner_agency_id=hat.agency_id,
        due_on=today() + timedelta(days=1),
        by=cast.who("charity-manager"),
    )
    lead.leave_team(row=place(cast, "unit-worker"), by=cast.who("charity-manager"))
    given.refresh_from_db()
    assert given.owner == cast.user("lead-worker")


def test_enough_stay_on_a_restricted_record(cast, case):
    manager = cast.who("charity-manager")
    row = involvement.begin(
        person_id=case.person_id,
        agency_id=case.agency_id,
        worker_id=manager.user_id,
        basis=Basis.TEAM,
        categories=ALL - {Category.SAFE_ADDRESS},
        by=manager,
    )
    protection.restrict(
        person=case.person, reason="A threat", review_on=date(2027, 1, 1), by=manager
    )
    with refuses(Conflict):
        lead.leave_team(row=row, by=manager)
    assert Involvement.rows.live().filter(pk=row.pk).exists()


def test_a_manager_ends_a_place_on_its_page_after_a_question(cast, case, sign_in):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-worker", HOUSING)
    row = place(cast, "unit-worker")
    give_address(cast, case, "unit-worker")
    end = f"/cases/{case.reference}/team/{row.pk}/end/"
    manager = sign_in("charity-manager")
    assert end in (page := manager.get(f"/cases/{case.reference}/").content.decode())
    assert "Safe address alone" in page
    assert "now?" in manager.get(end).content.decode()
    assert HOUSING in sees(cast, "unit-worker", case.person)
    assert manager.post(end).status_code == 302
    assert sees(cast, "unit-worker", case.person) == set()
    assert manager.get(end).status_code == 404


def test_nobody_else_learns_who_was_given_the_address(cast, case, sign_in):
    give_address(cast, case, "unit-worker")
    worker = sign_in("lead-worker")
    for path in (f"/cases/{case.reference}/", f"/people/{case.person.reference}/"):
        assert cast.user("unit-worker").name not in worker.get(path).content.decode()


@pytest.mark.parametrize(
    ("username", "status"), [("lead-worker", 403), ("unit-manager", 403), ("outside-manager", 404)]
)
def test_nobody_else_ends_a_place(cast, case, sign_in, username, status):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-manager", POINTER, HOUSING)
    end = f"/cases/{case.reference}/team/{place(cast, 'unit-manager').pk}/end/"
    assert sign_in(username).post(end).status_code == status
    assert HOUSING in sees(cast, "unit-manager", case.person)


def test_cover_has_an_end_and_leaves_the_lead_the_lead(cast, case, later):
    lead.cover(
        case=case,
        worker_id=cast.user("family-worker").pk,
        ends=instant() + timedelta(days=7),
        by=cast.who("charity-manager"),
    )
    assert HOUSING in writes(cast, "family-worker", case.person)
    assert HOUSING in writes(cast, "lead-worker", case.person)
    with later(days=7):
        assert sees(cast, "family-worker", case.person) == {POINTER}


@pytest.mark.parametrize("categories", [[], [Category.SAFE_ADDRESS, HOUSING]])
def test_a_place_on_the_team_names_what_it_opens_and_no_safe_address(cast, case, categories):
    with refuses(Invalid, "categories"):
        cast.join(case, "family-worker", *categories)


def test_what_can_not_be_is_named(cast, case):
    manager = cast.who("charity-manager")
    worker, here = cast.user("family-worker").pk, case.agency
    with refuses(Invalid, "ends"):
        lead.cover(case=case, worker_id=worker, ends=instant(), by=manager)
    with refuses(Invalid, "ends"):
        lead.join_team(
            case=case,
            agency=here,
            worker_id=worker,
            categories=[HOUSING],
            ends=instant() - timedelta(days=1),
            by=manager,
        )
    with refuses(Invalid, "worker"):
        lead.cover(
            case=case,
            worker_id=cast.user("unit-worker").pk,
            ends=instant() + timedelta(days=1),
            by=manager,
        )
