"""Loading the demo: once, quickly the second time, never among real people."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Max
from django.utils import timezone

from agencies.models import User
from agencies.queries import duty_users
from audit.models import AccessRecord, Event
from casework.enums import CaseState, CloseReason
from casework.models import Case, Goal, Intervention, LeadPeriod, LifeEvent, Plan, SafetyPlan
from config.demo.sign_ins import BESIDE, SIGN_INS
from core.models import OutboxMessage
from people.models import YoungPerson
from referrals.models import Referral
from sharing.models import Bar, Consent, Involvement, SharingDecision
from tasking.models import AgendaItem, Alert, Meeting, Task

WRITTEN = (
    Referral, Case, Intervention, LifeEvent, Goal, SafetyPlan, Consent, SharingDecision,
    Involvement, Bar, Task, AgendaItem, Alert,
)  # fmt: skip
PERSON = "YP-DEMO1"


def test_a_second_run_is_quick_and_changes_nothing(demo_world):
    before = Event.objects.count(), User.objects.count()
    begun = time.monotonic()
    call_command("load_demo")
    assert time.monotonic() - begun < 1
    assert (Event.objects.count(), User.objects.count()) == before


def test_it_is_refused_where_real_people_may_be(demo_world, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("load_demo")


def test_it_is_refused_in_an_empty_database_too(db, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not User.objects.exists()


@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)
def test_every_row_of_the_worked_example_has_its_event(demo_world, model):
    person = YoungPerson.rows.get(reference=PERSON)
    rows = set(model.rows.filter(person=person).values_list("pk", flat=True))
    assert rows
    told = set(Event.objects.filter(person_id=person.pk).values_list("subject_id", flat=True))
    assert rows <= told


def test_the_trail_of_the_worked_example_is_dated_as_it_happened(demo_world):
    person = YoungPerson.rows.get(reference=PERSON)
    events = Event.objects.filter(person_id=person.pk).order_by("at")
    assert events.count() > 150
    assert events[0].verb == "person.added"
    assert timezone.now() - events[0].at > timedelta(days=300)
    assert {event.actor_kind for event in events} == {"member", "system"}
    logged = Intervention.rows.filter(person=person)
    assert logged.count() >= 40
    assert len({row.logged_by_id for row in logged}) >= 4


def test_it_is_on_record_who_looked(demo_world):
    person = YoungPerson.rows.get(reference=PERSON)
    assert AccessRecord.objects.filter(person_id=person.pk).count() >= 20
    assert AccessRecord.objects.values("person_id").distinct().count() > 30


def test_nothing_has_happened_after_now(demo_world):
    now = timezone.now()
    for model, field in (
        (Event, "at"), (AccessRecord, "at"), (User, "date_joined"), (Meeting, "opened_at"),
    ):  # fmt: skip
        assert model.objects.aggregate(last=Max(field))["last"] <= now
    for model, field in (
        (Intervention, "at"), (Intervention, "logged_at"), (Referral, "received_at"),
        (Involvement, "starts"), (Task, "set_at"), (Alert, "raised_at"), (Consent, "given_at"),
    ):  # fmt: skip
        assert model.rows.aggregate(last=Max(field))["last"] <= now
    assert not LifeEvent.rows.filter(on__gt=now.date()).exists()


def test_its_proportions_are_those_of_the_product(demo_world):
    cases = Case.rows.all()
    assert cases.exclude(state=CaseState.CLOSED).count() == 50
    closed = cases.filter(state=CaseState.CLOSED)
    stopped = closed.filter(close_reason=CloseReason.STOPPED_COMING)
    assert 0.3 <= stopped.count() / closed.count() <= 0.5
    assert Referral.rows.filter(state="received").count() == 5
    assert Referral.rows.values("door").distinct().count() >= 12
    assert Case.rows.filter(state=CaseState.OPENING).count() == 2


def test_those_who_sign_in_have_something_to_do(demo_world):
    now = timezone.now()
    leads = LeadPeriod.rows.live().filter(worker__username="lead-worker")
    assert 7 <= leads.count() <= 9
    for username in ("lead-worker", "unit-worker", "jobcentre-adviser", "housing-officer"):
        due = Task.rows.filter(owner__username=username, closed_at=None, due_on__lte=now.date())
        assert due.exists(), username
    assert Task.rows.filter(closed_at=None, due_on__lt=now.date()).exists()
    assert SharingDecision.rows.filter(state="proposed").count() >= 3
    assert Plan.rows.filter(agreed_on=None).exists()
    assert not Meeting.objects.filter(closed_at=None).exists()


def test_somebody_is_on_duty_and_none_of_them_is_a_named_sign_in(demo_world):
    named = {sign_in.username for sign_in in SIGN_INS}
    for slug in ("lead-charity", "borough-unit"):
        agency = next(m.agency for m in _memberships(slug))
        on_duty = {user.username for user in duty_users(agency.pk)}
        assert on_duty
        assert not on_duty & named


def test_nothing_of_it_waits_to_be_sent(demo_world):
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_the_sign_ins_are_printed(capsys):
    call_command("demo_sign_ins")
    printed = capsys.readouterr().out
    assert all(sign_in.username in printed for sign_in in (*SIGN_INS, *BESIDE))
    assert "demo-only-password" in printed


def _memberships(slug):
    from agencies.models import Membership

    return Membership.objects.filter(agency__slug=slug).select_related("agency")
