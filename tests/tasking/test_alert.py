"""An alert that nobody has seen climbs: to duty, to the manager, to every manager."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from access import first
from access.actor import NotAllowed
from access.categories import Category
from agencies.actions import rota
from core import clock
from core.errors import Conflict
from core.models import OutboxMessage
from sharing.models import Involvement
from sharing.scope import SharingScope
from tasking import queries
from tasking.actions import alert as alerts
from tasking.actions import task as tasks
from tasking.models import Alert, Task
from tasking.tasks import climb_alerts
from tests.conftest import NOW


@pytest.fixture
def raised(cast) -> Alert:
    """An alert at the story's instant, with somebody on duty."""
    case = cast.open_case()
    rota.publish(
        user=cast.user("family-worker"),
        starts=NOW,
        ends=NOW + timedelta(hours=8),
        by=cast.who("charity-manager"),
    )
    with cast.acting("colleague"):
        return alerts.tell_lead(
            person=case.person, message="He is at the library.", by=cast.who("colleague")
        )


def after(minutes: float) -> int:
    """Run the background job so many minutes after the alert; how many climbed."""
    moment = NOW + timedelta(minutes=minutes)
    with time_machine.travel(moment, tick=False), clock.at(moment):
        return climb_alerts()


def level(alert: Alert) -> str:
    return Alert.rows.get(pk=alert.pk).level


def paged(alert: Alert) -> set[str]:
    """User keys of those who have been promised a notice of this alert."""
    about = OutboxMessage.objects.filter(effect_key__startswith=f"notice:{alert.pk}:")
    return {message.arguments["user_id"] for message in about}


def test_it_reaches_the_lead_first(cast, raised):
    assert level(raised) == "lead"
    assert paged(raised) == {str(cast.user("lead-worker").pk)}


def test_one_that_fails_does_not_keep_another_from_climbing(cast, raised, monkeypatch):
    with cast.acting("colleague", at=NOW + timedelta(minutes=1)):
        second = alerts.tell_lead(
            person=raised.person, message="She is alone.", by=cast.who("colleague")
        )
    climb = alerts.climb

    def fail_first(*, alert_id, by):
        if alert_id == raised.pk:
            raise RuntimeError("The first in line.")
        return climb(alert_id=alert_id, by=by)

    monkeypatch.setattr(alerts, "climb", fail_first)
    with pytest.raises(RuntimeError):
        after(60)
    assert level(raised) == "lead"
    assert level(second) != "lead"


@pytest.fixture(params=["by name", "in order", "by name after all", "by the rule"])
def way(request, monkeypatch) -> str:
    """Each way in which rows that an actor sees are found: by how many are on their lists."""
    if request.param != "by name":
        monkeypatch.setattr(first, "_FEW", -1)
    if request.param in {"by name after all", "by the rule"}:
        found = first._in_order

        def give_up(*asked, at_most=None):
            return ([], False) if at_most is not None else found(*asked)

        monkeypatch.setattr(first, "_in_order", give_up)
    if request.param == "by the rule":
        monkeypatch.setattr(first, "_SOME", -1)
    return request.param


def test_whoever_answers_for_it_finds_it_among_their_own(cast, raised, way):
    after(15)

    def found(username: str, minutes: float = 16) -> list[Alert]:
        with cast.acting(username, at=NOW + timedelta(minutes=minutes)) as notes:
            alerts_, _ = queries.own_alerts(cast.who(username), limit=50)
            notes.shown.clear()
        return alerts_

    assert found("lead-worker") == [raised]
    assert found("family-worker") == [raised], "on duty, and on no list but the agency's"
    assert found("family-worker", minutes=9 * 60) == [], "off duty"
    assert found("charity-manager") == [raised]
    assert found("outsider") == []


def set_task(cast, case, *, days: int = 0) -> Task:
    with cast.acting("charity-manager"):
        return tasks.assign(
            person=case.person,
            what="Ring the school",
            owner_id=cast.user("lead-worker").pk,
            owner_agency_id=case.agency_id,
            due_on=NOW.date() + timedelta(days=days),
            by=cast.who("charity-manager"),
        )


def test_a_team_finds_its_tasks_about_those_whom_it_sees(cast, way):
    case = cast.open_case()
    task = set_task(cast, case)

    def found(username: str) -> list[object]:
        with cast.acting(username) as notes:
            tasks_, _ = queries.team_tasks(cast.who(username), limit=50)
            notes.shown.clear()
        return tasks_

    assert found("lead-worker") == [task]
    assert found("charity-manager") == [task]
    assert found("family-worker") == []
    assert found("outsider") == []


@pytest.mark.parametrize("tried", [1_000, 2], ids=["goes on", "gives up, and begins with people"])
def test_tasks_about_others_take_nobodys_place(cast, monkeypatch, way, tried):
    """Of six, the first and every other one about somebody whom only the manager sees."""
    hers, theirs = cast.open_case(), cast.open_case(led_by="colleague")
    shown = []
    for days in range(0, 6, 2):
        other = set_task(cast, theirs, days=days)
        # As if another had been told to: what its owner sees by it is over.
        Involvement.rows.filter(source_id=other.pk).update(ends=NOW)
        shown.append(set_task(cast, hers, days=days + 1))
    # The lists name too many rather than too few.
    both = {hers.person_id, theirs.person_id}
    monkeypatch.setattr(SharingScope, "few", lambda *_, most: both if most > 0 else None)
    monkeypatch.setattr(first, "_SPARE", 0)
    monkeypatch.setattr(first, "_MOST_TRIED", tried)
    with cast.acting("lead-worker", at=NOW + timedelta(minutes=1)):
        found = first.first_seen(
            cast.who("lead-worker"),
            Task,
            narrow=lambda rows: rows.filter(closed_at=None).order_by("due_on", "pk"),
            categories=lambda task: [task.category],
            bits=queries.OF_TASK,
            listing=[Category.TASKING],
            most=2,
        )
    assert [row for row, _ in found] == shown[:2]
    assert {seen.person_id for _, seen in found} == {hers.person_id}


def test_before_fifteen_minutes_nothing_climbs(raised):
    assert after(14.9) == 0
    assert level(raised) == "lead"


@pytest.mark.parametrize(
    ("minutes", "reached", "told"),
    [
        ([15], "duty", {"family-worker"}),
        ([15, 30], "manager", {"charity-manager", "second-manager"}),
        ([15, 30, 60], "all_managers", {"charity-manager", "second-manager"}),
    ],
)
def test_it_climbs_at_15_30_and_60_minutes(cast, raised, minutes, reached, told):
    assert [after(at) for at in minutes] == [1] * len(minutes)
    assert level(raised) == reached
    newly = {name for name in told if str(cast.user(name).pk) in paged(raised)}
    assert newly
    assert newly == told or reached == "manager"


def test_between_its_steps_it_stays(raised):
    assert [after(at) for at in (15, 29.9, 30, 59.9, 60)] == [1, 0, 1, 0, 1]


def test_the_job_run_twice_climbs_once(raised):
    assert (after(15), after(15)) == (1, 0)
    assert level(raised) == "duty"


def test_a_job_that_was_away_catches_up_step_by_step(raised):
    assert [after(70) for _ in range(4)] == [1, 1, 1, 0]
    assert level(raised) == "all_managers"


def test_at_the_top_it_stays_until_somebody_has_seen_it(raised):
    for minutes in (15, 30, 60):
        after(minutes)
    assert after(600) == 0
    assert Alert.rows.get(pk=raised.pk).seen_at is None


def test_seen_it_climbs_no_further(cast, raised):
    with cast.acting("lead-worker"):
        alerts.see(alert=raised, by=cast.who("lead-worker"))
    assert after(70) == 0
    assert level(raised) == "lead"


def test_seen_twice_is_refused(cast, raised):
    with cast.acting("lead-worker"):
        alerts.see(alert=raised, by=cast.who("lead-worker"))
        with pytest.raises(Conflict):
            alerts.see(alert=raised, by=cast.who("lead-worker"))


def test_who_sent_it_can_not_mark_it_seen(cast, raised):
    with cast.acting("colleague"), pytest.raises(NotAllowed):
        alerts.see(alert=raised, by=cast.who("colleague"))


def test_without_a_lead_it_begins_with_who_is_on_duty(cast, raised):
    case = cast.open_case(led_by="", given_name="Ines")
    with cast.acting("colleague"):
        alert = alerts.tell_lead(person=case.person, message="Call me", by=cast.who("colleague"))
    assert level(alert) == "duty"
