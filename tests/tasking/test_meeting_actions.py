"""The tasking meeting: those present see the agenda until it ends."""

import pytest

from access.actor import NotAllowed, NotVisible
from access.categories import Category
from agencies.actions import membership
from casework.actions import goal
from core.clock import instant, today
from core.errors import Conflict, Invalid
from tasking import changes
from tasking.actions import meeting, task
from tasking.models import Attendee, Task
from tests.factories.browsing import later
from tests.factories.watching import refuses, sees, told, writes

__all__ = ["later"]

AGENDA = {Category.POINTER, Category.TASKING}


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    return cast.open_case()


def hats(cast, *usernames):
    return [cast.hats[username].pk for username in usernames]


def open_meeting(cast, *present, by="charity-manager"):
    return meeting.open_meeting(present=hats(cast, *present), by=cast.who(by))


def put(cast, gathering, case, by="charity-manager"):
    return meeting.add_person(
        meeting=gathering, person=case.person, why="A fight on Friday", by=cast.who(by)
    )


def test_who_is_present_sees_pointer_and_tasking_until_it_ends(cast, case, later):
    gathering = open_meeting(cast, "unit-worker")
    assert sees(cast, "unit-worker", case.person) == set()
    put(cast, gathering, case)
    assert sees(cast, "unit-worker", case.person) == AGENDA
    assert writes(cast, "unit-worker", case.person) == set()
    assert sees(cast, "unit-manager", case.person) == set(), "a manager who is not there"
    with later(hours=1):
        meeting.close(meeting=gathering, by=cast.who("charity-manager"))
        assert sees(cast, "unit-worker", case.person) == set()


def test_whoever_comes_later_sees_the_agenda_too(cast, case):
    gathering = open_meeting(cast)
    put(cast, gathering, case)
    manager = cast.who("charity-manager")
    for _ in range(2):
        meeting.attend(meeting=gathering, present=hats(cast, "unit-worker"), by=manager)
    assert sees(cast, "unit-worker", case.person) == AGENDA
    assert Attendee.objects.filter(meeting=gathering).count() == 1


def test_to_agencies_without_an_agreement_the_agenda_opens_nothing(cast, case):
    put(cast, open_meeting(cast, "outsider", "school-lead"), case)
    assert sees(cast, "outsider", case.person) == set()
    assert sees(cast, "school-lead", case.person) == set()


def test_to_whoever_is_barred_it_opens_nothing(cast, case):
    cast.bar(case.person, "unit-worker")
    put(cast, open_meeting(cast, "unit-worker"), case)
    assert sees(cast, "unit-worker", case.person) == set()


def test_when_it_is_over_nobody_joins_and_nobody_is_added(cast, case):
    gathering = open_meeting(cast)
    put(cast, gathering, case)
    manager = cast.who("charity-manager")
    meeting.close(meeting=gathering, by=manager)
    with refuses(Conflict):
        meeting.attend(meeting=gathering, present=hats(cast, "unit-worker"), by=manager)
    other = cast.open_case(given_name="Ana")
    with refuses(Conflict):
        put(cast, gathering, other)
    with refuses(Conflict):
        meeting.close(meeting=gathering, by=manager)
    assert sees(cast, "unit-worker", case.person) == set()


def test_an_agency_has_one_meeting_at_a_time(cast):
    open_meeting(cast)
    with refuses(Conflict):
        open_meeting(cast, by="second-manager")
    open_meeting(cast, by="unit-manager")


def test_somebody_is_on_the_agenda_once(cast, case):
    gathering = open_meeting(cast)
    put(cast, gathering, case)
    with refuses(Conflict):
        put(cast, gathering, case)


def test_a_member_who_has_left_is_not_ticked(cast):
    membership.end(membership=cast.hats["colleague"], by=cast.who("lead-charity-administrator"))
    with refuses(Invalid, "present"):
        open_meeting(cast, "lead-worker", "colleague")


def test_only_managers_hold_it_and_only_their_own(cast, case):
    with refuses(NotAllowed):
        open_meeting(cast, by="lead-worker")
    gathering = open_meeting(cast)
    item = put(cast, gathering, case)
    other = cast.who("unit-manager")
    with refuses(NotAllowed):
        meeting.attend(meeting=gathering, present=[], by=other)
    with refuses(NotAllowed):
        meeting.close(meeting=gathering, by=other)
    with refuses(NotVisible):
        meeting.decide(item=item, decision="Nothing", by=other)


def test_a_partner_with_a_share_does_not_write_down_what_another_meeting_decided(cast, case):
    cast.share(case.person, "borough-unit", Category.TASKING)
    item = put(cast, open_meeting(cast), case)
    assert Category.TASKING in writes(cast, "unit-manager", case.person)
    with refuses(NotAllowed):
        meeting.decide(item=item, decision="Nothing", by=cast.who("unit-manager"))


def test_nobody_hidden_gets_on_an_agenda(cast, case):
    gathering = open_meeting(cast, by="outside-manager")
    with refuses(NotVisible):
        put(cast, gathering, case, by="outside-manager")


def test_what_was_decided_is_on_the_item_and_not_in_the_trail(cast, case):
    item = put(cast, open_meeting(cast), case)
    decided = meeting.decide(item=item, decision="Ring him", by=cast.who("charity-manager"))
    assert (decided.decision, decided.discussed_at) == ("Ring him", instant())
    assert "Ring" not in str(told("agenda.decided").digests)


def test_undone_tasks_carry_forward(cast, case):
    gathering = open_meeting(cast)
    for what in ("one", "two"):
        task.assign(
            person=case.person,
            what=what,
            owner_id=cast.user("lead-worker").pk,
            owner_agency_id=case.agency_id,
            due_on=today(),
            by=cast.who("charity-manager"),
        )
    task.answer(task=Task.rows.get(what="one"), state="done", by=cast.who("lead-worker"))
    meeting.close(meeting=gathering, by=cast.who("charity-manager"))
    assert dict(Task.rows.values_list("what", "carried")) == {"one": 0, "two": 1}


def test_what_changed_is_told_to_those_who_see_its_category(cast, case, later):
    moment = instant()
    cast.share(case.person, "borough-unit", Category.TASKING)
    with later(minutes=5):
        row = task.assign(
            person=case.person,
            what="Ring",
            owner_id=cast.user("lead-worker").pk,
            owner_agency_id=case.agency_id,
            due_on=today(),
            by=cast.who("charity-manager"),
        )
        task.answer(task=row, state="done", by=cast.who("lead-worker"))
        reached = cast.add_goal(case, Category.HOUSING, "A room")
        goal.finish(goal=reached, reached=True, by=cast.who("lead-worker"))

        def words(username):
            return [set(change.words) for change in changes.since(cast.who(username), moment)]

        assert words("charity-manager") == [{"Task done", "Goal reached"}]
        assert words("unit-worker") == [{"Task done"}], "housing is not shared with the unit"
        assert words("colleague") == words("outside-manager") == []
        assert changes.since(cast.who("charity-manager"), instant()) == []
