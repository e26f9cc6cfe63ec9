"""Beginning and ending memberships: nobody grants themselves anything, leaving ends all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from access.actor import NotAllowed, System
from access.bases import Basis
from access.categories import Category
from access.reading import sights
from access.roles import Role
from agencies.actions import membership, permission
from agencies.enums import ProposalState
from agencies.models import Membership, MembershipProposal
from agencies.queries import may
from agencies.tasks import leave_lapsed
from audit.models import Event
from casework.models import LeadPeriod
from core.clock import instant
from core.errors import Conflict, Invalid
from sharing.models import ConsentLine, Involvement
from tests.factories.browsing import later
from tests.factories.cast import OPERATOR

__all__ = ["later"]


@pytest.fixture
def two(cast):
    """Two administrators of the lead charity."""
    second = cast.hire("second-administrator", "lead-charity", Role.ADMINISTRATOR)
    return cast.who("lead-charity-administrator"), second


def sees(cast, username, person):
    return set(sights(cast.who(username), [person.pk])[person.pk].answer.visible)


def test_an_administrator_gives_a_workers_role_alone(cast, two):
    made = membership.begin(
        user=cast.user("outsider"),
        agency=cast.agencies["lead-charity"],
        role=Role.PRACTITIONER,
        by=two[0],
    )
    assert made.is_live()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_one_administrator_alone_makes_no_manager(cast, two, role):
    with pytest.raises(NotAllowed):
        membership.begin(
            user=cast.user("colleague"), agency=cast.agencies["lead-charity"], role=role, by=two[0]
        )


def test_nobody_gives_themselves_a_role(cast, two):
    first = two[0]
    charity, me = cast.agencies["lead-charity"], cast.user("lead-charity-administrator")
    with pytest.raises(NotAllowed):
        membership.begin(user=me, agency=charity, role=Role.PRACTITIONER, by=first)
    with pytest.raises(NotAllowed):
        membership.propose(user=me, role=Role.MANAGER, by=first)


@pytest.mark.parametrize("username", ["charity-manager", "auditor", "borough-unit-administrator"])
def test_nobody_but_the_agencys_administrators_may(cast, username):
    target = cast.hats["colleague"]
    for act in (
        lambda by: membership.begin(
            user=cast.user("outsider"), agency=target.agency, role=Role.PRACTITIONER, by=by
        ),
        lambda by: membership.end(membership=target, by=by),
    ):
        with pytest.raises(NotAllowed):
            act(cast.who(username))
        with pytest.raises(NotAllowed):
            act(System("anything"))


def test_two_administrators_make_a_manager(cast, two):
    proposal = membership.propose(user=cast.user("colleague"), role=Role.MANAGER, by=two[0])
    assert not Membership.objects.filter(user=cast.user("colleague"), role=Role.MANAGER).exists()
    with pytest.raises(NotAllowed):
        membership.approve(proposal=proposal, by=two[0])
    made = membership.approve(proposal=proposal, by=two[1])
    assert made.is_live()
    with pytest.raises(Conflict):
        membership.approve(proposal=proposal, by=two[1])


def test_whom_it_is_about_can_not_approve(cast, two):
    third = cast.hire("third-administrator", "lead-charity", Role.ADMINISTRATOR)
    proposal = membership.propose(
        user=cast.user("third-administrator"), role=Role.MANAGER, by=two[0]
    )
    with pytest.raises(NotAllowed):
        membership.approve(proposal=proposal, by=third)


def test_another_agencys_administrator_can_not_approve(cast, two):
    proposal = membership.propose(user=cast.user("colleague"), role=Role.MANAGER, by=two[0])
    with pytest.raises(NotAllowed):
        membership.approve(proposal=proposal, by=cast.who("borough-unit-administrator"))


def test_a_refused_proposal_makes_nothing_and_may_be_proposed_again(cast, two):
    proposal = membership.propose(user=cast.user("colleague"), role=Role.MANAGER, by=two[0])
    with pytest.raises(Conflict):
        membership.propose(user=cast.user("colleague"), role=Role.MANAGER, by=two[1])
    membership.refuse(proposal=proposal, by=two[0])
    assert not Membership.objects.filter(user=cast.user("colleague"), role=Role.MANAGER).exists()
    membership.propose(user=cast.user("colleague"), role=Role.MANAGER, by=two[1])


@pytest.mark.parametrize("who", ["proposed_by", "user"])
def test_the_database_refuses_what_one_user_approves(cast, two, who):
    proposal = membership.propose(user=cast.user("colleague"), role=Role.MANAGER, by=two[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipProposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.APPROVED,
            decided_by=getattr(proposal, who),
            decided_at=instant(),
        )


def test_leaving_ends_what_names_the_user_at_once(cast, two, later):
    case = cast.open_case()
    cast.join(case, "family-worker", Category.FAMILY)
    with later(days=1):
        assert Category.FAMILY in sees(cast, "family-worker", case.person)
        membership.end(membership=cast.hats["family-worker"], by=two[0])
        assert sees(cast, "family-worker", case.person) == set()
        live = Involvement.rows.live().filter(worker=cast.user("family-worker"))
        assert not live.exists()


def test_a_consent_with_a_leaver_is_over_in_the_grid_too(cast, later):
    case = cast.open_case()
    cast.share(case.person, "housing", Category.HOUSING, worker="housing-officer")
    with later(days=1):
        membership.end(
            membership=cast.hats["housing-officer"], by=cast.who("housing-administrator")
        )
        assert ConsentLine.rows.get().ended_at == instant()


def test_a_leavers_cases_go_to_the_manager_named(cast, two, later):
    case = cast.open_case()
    cast.agree("lead-charity", "housing")
    with later(days=1):
        membership.end(
            membership=cast.hats["lead-worker"],
            manager_id=cast.user("second-manager").pk,
            by=two[0],
        )
        period = LeadPeriod.rows.live().get(case=case)
        assert period.worker == cast.user("second-manager")
        assert Category.HOUSING in sees(cast, "second-manager", case.person)
        left = Involvement.rows.live().filter(worker=cast.user("lead-worker"))
        assert not left.exists()  # no tail either
        event = Event.objects.filter(verb="lead.assigned").first()
        assert event.detail["replacing"] == str(cast.user("lead-worker").pk)


def test_a_barred_manager_is_passed_over(cast, two, later):
    case = cast.open_case()
    cast.bar(case.person, "second-manager")
    with later(days=1):
        membership.end(
            membership=cast.hats["lead-worker"],
            manager_id=cast.user("second-manager").pk,
            by=two[0],
        )
        assert LeadPeriod.rows.live().get(case=case).worker == cast.user("charity-manager")


def test_without_any_manager_it_is_possible_all_the_same(cast, two, later):
    case = cast.open_case()
    with later(days=1):
        for name in ("charity-manager", "second-manager", "lead-worker"):
            membership.end(membership=cast.hats[name], by=two[0])
        row = Involvement.rows.live().get(person=case.person, basis=Basis.LEAD)
        assert row.worker is None
        cast.hire("new-manager", "lead-charity", Role.MANAGER)
        assert Category.HOUSING in sees(cast, "new-manager", case.person)


def test_somebody_with_another_hat_there_keeps_their_work(cast, two, later):
    case = cast.open_case()
    hat = cast.hats["lead-worker"]
    cast.hire("lead-worker", "lead-charity", Role.CLINICIAN)
    with later(days=1):
        membership.end(membership=hat, by=two[0])
        assert LeadPeriod.rows.live().get(case=case).worker == cast.user("lead-worker")


def until_tomorrow(cast, username):
    """Give a membership a last day, as one has that begins with it."""
    Membership.objects.filter(pk=cast.hats[username].pk).update(ends=instant() + timedelta(days=1))


def test_what_a_last_day_leaves_behind_is_seen_to_once(cast, later):
    case = cast.open_case()
    cast.join(case, "family-worker", Category.FAMILY)
    for username in ("lead-worker", "family-worker"):
        until_tomorrow(cast, username)
    with later(hours=23):
        assert leave_lapsed() == 0
        assert LeadPeriod.rows.live().get(case=case).worker == cast.user("lead-worker")
    with later(days=1):
        assert sees(cast, "lead-worker", case.person) == set()
        assert leave_lapsed() == 2
        period = LeadPeriod.rows.live().get(case=case)
        assert period.worker in {cast.user("charity-manager"), cast.user("second-manager")}
        assert Category.HOUSING in sees(cast, period.worker.username, case.person)
        assert not Involvement.rows.live().filter(worker=cast.user("lead-worker")).exists()
        assert not Involvement.rows.live().filter(worker=cast.user("family-worker")).exists()
        told = Event.objects.filter(verb="membership.lapsed")
        assert {event.subject_id for event in told} == {
            cast.hats[username].pk for username in ("lead-worker", "family-worker")
        }
        assert {event.actor_name for event in told} == {"agencies.leave_lapsed"}
        assert leave_lapsed() == 0


def test_a_consent_with_somebody_whose_last_day_is_over_is_over_in_the_grid_too(cast, later):
    case = cast.open_case()
    cast.share(case.person, "housing", Category.HOUSING, worker="housing-officer")
    until_tomorrow(cast, "housing-officer")
    with later(days=2):
        assert ConsentLine.rows.get().ended_at is None
        assert leave_lapsed() == 1
        assert ConsentLine.rows.get().ended_at == instant()


def test_somebody_whose_hat_lapses_and_who_wears_another_there_keeps_their_work(cast, later):
    case = cast.open_case()
    cast.hire("lead-worker", "lead-charity", Role.CLINICIAN)
    until_tomorrow(cast, "lead-worker")
    with later(days=2):
        assert leave_lapsed() == 1
        assert LeadPeriod.rows.live().get(case=case).worker == cast.user("lead-worker")


def test_nobody_sees_again_to_a_membership_that_somebody_ended(cast, two, later):
    with later(days=1):
        membership.end(membership=cast.hats["lead-worker"], by=two[0])
    with later(days=2):
        assert leave_lapsed() == 0
        assert not Event.objects.filter(verb="membership.lapsed").exists()


def test_a_manager_of_elsewhere_takes_nothing_over(cast, two):
    with pytest.raises(Invalid):
        membership.end(
            membership=cast.hats["lead-worker"],
            manager_id=cast.user("outside-manager").pk,
            by=two[0],
        )


def test_a_membership_ends_once(cast, two):
    membership.end(membership=cast.hats["colleague"], by=two[0])
    with pytest.raises(Conflict):
        membership.end(membership=cast.hats["colleague"], by=two[0])


def test_a_membership_that_ended_already_begins_in_no_past(cast, two):
    with pytest.raises(Invalid):
        membership.begin(
            user=cast.user("outsider"),
            agency=cast.agencies["lead-charity"],
            role=Role.PRACTITIONER,
            ends=instant() - timedelta(days=1),
            by=two[0],
        )


def test_a_permission_is_taken_and_given_back_never_added(cast, two):
    charity, worker = cast.agencies["lead-charity"], cast.who("lead-worker")
    permission.withhold(
        agency=charity, role=Role.PRACTITIONER, permission="record_consent", by=two[0]
    )
    assert not may(worker, "record_consent")
    assert may(cast.who("unit-worker"), "record_consent")
    permission.restore(
        agency=charity, role=Role.PRACTITIONER, permission="record_consent", by=two[0]
    )
    assert may(worker, "record_consent")
    with pytest.raises(KeyError):
        permission.restore(agency=charity, role=Role.PRACTITIONER, permission="bar_user", by=two[0])


def test_no_administrator_locks_administrators_out(cast, two):
    for by, role in (
        (two[0], Role.ADMINISTRATOR),
        (cast.who("borough-unit-administrator"), Role.PRACTITIONER),
        (cast.who("charity-manager"), Role.PRACTITIONER),
    ):
        code = "manage_memberships" if role is Role.ADMINISTRATOR else "record_consent"
        with pytest.raises(NotAllowed):
            permission.withhold(
                agency=cast.agencies["lead-charity"], role=role, permission=code, by=by
            )


def test_an_operator_may_begin_what_two_would(cast):
    membership.begin(
        user=cast.user("outsider"),
        agency=cast.agencies["housing"],
        role=Role.MANAGER,
        by=OPERATOR,
    )
