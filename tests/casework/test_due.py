"""What has come due: its owner is told of it, and told of it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from casework.actions import step_down
from casework.models import FollowUp, Plan
from casework.tasks import find_due
from core import clock
from core.models import OutboxMessage
from directory.actions import service
from tasking.actions import task
from tests.conftest import NOW
from tests.factories.cast import OPERATOR


def after(days: int) -> dict[str, int]:
    """Run the background job so many days on."""
    moment = NOW + timedelta(days=days)
    with time_machine.travel(moment, tick=False), clock.at(moment):
        return find_due()


def promised(kind: str) -> list[str]:
    """Whom notices of a kind have been promised to."""
    found = OutboxMessage.objects.filter(task="agencies.deliver_notice")
    return [row.arguments["user_id"] for row in found if row.arguments["kind"] == kind]


@pytest.fixture
def closed(cast):
    """A case that has stepped down, with follow-ups at 4, 12 and 26 weeks."""
    case = cast.open_case()
    found = service.add(
        organization=None,
        new_organization="Canal Street Club",
        values={"name": "Railway mentors", "takes_step_down": True},
        by=OPERATOR,
    )
    with cast.acting("lead-worker"):
        proposed = step_down.propose(
            case=case,
            service=found,
            service_contact="020 7946 0018",
            said_yes_on=NOW.date(),
            said_yes_by="Imani Okafor",
            categories=["employment"],
            why="He has a room.",
            by=cast.who("lead-worker"),
        )
    with cast.acting("charity-manager"):
        manager = cast.who("charity-manager")
        step_down.decide(step_down=proposed, approve=True, by=manager)
        step_down.close(case=case, reason="stepped_down", by=manager)
    return case


@pytest.fixture
def due_today(cast):
    case = cast.open_case()
    with cast.acting("charity-manager"):
        return task.assign(
            person=case.person,
            what="Ring the housing office",
            owner_id=cast.user("family-worker").pk,
            owner_agency_id=cast.agencies["lead-charity"].pk,
            due_on=NOW.date(),
            by=cast.who("charity-manager"),
        )


def test_the_owner_of_a_task_is_told_on_the_day(cast, due_today):
    assert after(0)["tasks"] == 1
    assert promised("task_due") == [str(cast.user("family-worker").pk)]


def test_run_twice_it_tells_once(due_today):
    after(0)
    after(0)
    assert len(promised("task_due")) == 1


def test_the_lead_is_told_of_each_follow_up_once(cast, closed):
    assert after(27)["follow_ups"] == 0
    assert after(28)["follow_ups"] == 1
    assert after(28)["follow_ups"] == 0
    assert after(29)["follow_ups"] == 0
    assert promised("follow_up_due") == [str(cast.user("lead-worker").pk)]
    assert after(7 * 12)["follow_ups"] == 1
    assert after(7 * 26)["follow_ups"] == 1
    assert FollowUp.rows.filter(told_at=None).count() == 0


def test_a_review_that_is_due_is_told_to_the_lead_once(cast):
    case = cast.open_case()
    Plan.rows.filter(case=case).update(review_on=(NOW + timedelta(days=5)).date())
    assert after(4)["reviews"] == 0
    for _ in range(3):
        after(5)
    assert promised("review_due") == [str(cast.user("lead-worker").pk)]


def test_a_closed_case_has_no_review(closed):
    Plan.rows.filter(case=closed).update(review_on=NOW.date())
    assert after(1)["reviews"] == 0
    assert promised("review_due") == []


def test_today_is_londons(cast, due_today):
    """At half past midnight in British Summer Time it is still yesterday in UTC."""
    moment = NOW.replace(month=7, day=1, hour=23, minute=30)
    with time_machine.travel(moment, tick=False), clock.at(moment):
        assert clock.today().day == 2
        assert find_due()["tasks"] == 0
