"""The large synthetic world: the same for a seed, and as sound as a real one."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from access.bases import Basis
from agencies.models import Agency, Membership, User
from casework.models import (
    Case,
    FollowUp,
    Goal,
    Intervention,
    LeadPeriod,
    LifeEvent,
    PlannedIntervention,
    Review,
    StepDown,
)
from core.clock import today
from core.ids import is_reference
from people.models import ContactPoint, Relative, YoungPerson
from sharing.models import BreakGlass, ConsentLine, Involvement, LeadAgency, SharingDecision
from tasking.models import Alert, Task
from tests.conftest import fresh_clone

PEOPLE = 200


def _generate(**options):
    call_command("generate_population", **{"people": PEOPLE, "seed": 5, "agencies": 12} | options)


def _world():
    """Everything that should be the same for the same seed."""
    return (
        list(YoungPerson.rows.order_by("pk").values_list("pk", "reference", "family_name")),
        list(Involvement.rows.order_by("pk").values_list()),
        list(Case.rows.order_by("pk").values_list("pk", "reference", "state")),
        list(Membership.objects.order_by("pk").values_list("pk", "user_id", "role")),
        list(Intervention.rows.order_by("pk").values_list("pk", "at", "note")),
    )


def test_the_same_seed_makes_the_same_world(transactional_db):
    _generate()
    first = _world()
    fresh_clone()
    _generate()
    assert _world() == first
    assert len(first[0]) == PEOPLE


def test_another_seed_makes_another_world_beside_it(transactional_db):
    _generate()
    first = {person for person, *_ in _world()[0]}
    _generate(seed=6)
    both = {person for person, *_ in _world()[0]}
    assert len(both) == 2 * PEOPLE
    assert first < both


def test_what_the_database_and_the_product_demand_holds(transactional_db):
    _generate(people=400)
    assert all(map(is_reference, YoungPerson.rows.values_list("reference", flat=True)))
    assert set(Involvement.rows.values_list("basis", flat=True)) >= set(Basis) - {
        Basis.BREAK_GLASS,
        Basis.AUDIT_SAMPLE,
    }
    led = Case.rows.filter(state__in=["assessment", "active", "stepping_down"])
    assert led.exists()
    assert not led.exclude(pk__in=LeadPeriod.rows.filter(ends=None).values("case_id")).exists()
    assert LeadAgency.rows.live().count() == 400
    for line in ConsentLine.rows.select_related("involvement"):
        assert line.until == line.involvement.ends
        assert line.worker_id == line.involvement.worker_id
    contacts = Intervention.rows.count() / Case.rows.count()
    assert 5 < contacts < 15


def test_daily_work_stands_with_what_it_opens(transactional_db):
    """Each open task has its owner's share, each approved decision and emergency its own."""
    _generate(people=2_000)
    for task in Task.rows.all():
        [opened] = Involvement.rows.filter(source_id=task.pk)
        assert (opened.basis, opened.worker_id) == (Basis.TASK, task.owner_id)
        assert (opened.ends is None) == (task.closed_at is None)
    waits, decided = (
        SharingDecision.rows.filter(state=state) for state in ("proposed", "approved")
    )
    assert waits.exists()
    assert not waits.exclude(involvement=None).exists()
    assert decided.exists()
    assert not decided.filter(involvement=None).exists()
    assert not decided.exclude(until=F("involvement__ends")).exists()
    assert not BreakGlass.rows.exclude(user_id=F("involvement__worker_id")).exists()
    assert StepDown.rows.filter(state="approved").count() * 3 == FollowUp.rows.count() > 0
    left = Case.rows.filter(close_reason="stepped_down")
    assert left.exists()
    assert not left.exclude(pk__in=StepDown.rows.filter(state="approved").values("case")).exists()
    for model in (Alert, Goal, Review, PlannedIntervention, LifeEvent, ContactPoint, Relative):
        assert model.rows.exists(), model
    assert 0 < Alert.rows.filter(seen_at=None).count() < Alert.rows.count() / 2
    assert StepDown.rows.filter(state="proposed").exists()
    # Something of each waits, and something of each is over or still to come.
    waiting = (
        (Task.rows.filter(closed_at=None), "due_on", today()),
        (FollowUp.rows.filter(done_at=None), "due_on", today()),
    )
    for rows, column, day in waiting:
        assert rows.filter(**{f"{column}__lt": day}).exists(), rows.model
        assert rows.filter(**{f"{column}__gt": day}).exists(), rows.model
    for over in (FollowUp.rows.filter(done_at__isnull=False), BreakGlass.rows.exclude(outcome="")):
        assert over.exists(), over.model
    assert BreakGlass.rows.filter(reviewed_at=None).exists()


def test_every_check_and_history_is_on_afterwards(transactional_db):
    _generate()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchall() == []


def test_its_users_can_act_but_not_sign_in(transactional_db):
    from access.context import transact
    from agencies.queries import may
    from tests.factories.cast import member_of

    _generate()
    assert not any(user.has_usable_password() for user in User.objects.all())
    hat = Membership.objects.filter(role="manager").first()
    with transact(None):
        assert may(member_of(hat), "assign_lead")


def test_the_large_agencies_lead_most(transactional_db):
    _generate()
    sizes = sorted(
        (LeadAgency.rows.filter(agency=agency).count() for agency in Agency.objects.all()),
        reverse=True,
    )
    assert sizes[0] > PEOPLE / 5
    assert sizes[0] > 3 * max(sizes[3], 1)


def test_the_same_seed_twice_in_one_database_is_refused(transactional_db):
    _generate()
    with pytest.raises(CommandError):
        _generate()
    assert YoungPerson.rows.count() == PEOPLE


def test_it_is_refused_where_real_people_may_be(db, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError):
        _generate()
    assert not Agency.objects.exists()


@pytest.mark.parametrize("options", [{"people": 0}, {"agencies": 1}])
def test_a_world_of_nobody_is_refused(db, options):
    with pytest.raises(CommandError):
        _generate(**options)
