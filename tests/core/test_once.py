"""A form that is sent twice makes one thing: by the same user, at once or one after the other."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from audit.models import Event
from casework.actions import intervention
from casework.models import (
    Goal,
    Intervention,
    KindOfIntervention,
    LifeEvent,
    PlannedIntervention,
)
from core.clock import instant
from core.ids import new_id
from core.models import OutboxMessage
from people.models import ContactPoint, Relative, YoungPerson
from referrals.models import Referral
from tasking.models import Alert, RingMe, Task
from tests.factories.browsing import sign_in
from tests.factories.cast import OPERATOR, build_cast
from tests.factories.watching import sees

assert sign_in  # The fixture, found by its name.

SOON = {"day": "5", "month": "3", "year": "2026"}
ASKED = {
    "given_name": "Ama",
    "door": "hospital",
    "why_now": "She is here with a wound",
    "components": "housing",
    "knows": "yes",
    "agrees": "yes",
    "referrer_contact": "020 7946 0000",
}
FORMS = {
    "a referral": ("/referrals/new/", ASKED | {"sent_to": "{agency}"}, Referral, "referral.made"),
    "a message to the lead": (
        "/people/{person}/tell-the-lead/",
        {"message": "He is here"},
        Alert,
        "alert.raised",
    ),
    "a number to ring": (
        "/ring-me/",
        {"name": "Kofi", "phone": "07700 900123", "callback": "020 7946 0000"},
        RingMe,
        "ring_me.asked",
    ),
    "a task": (
        "/people/{person}/task/",
        {"what": "Ring the landlord", "owner": "{owner}", "kind": "tasking"}
        | {f"due_on_{part}": value for part, value in SOON.items()},
        Task,
        "task.set",
    ),
    "a goal": (
        "/people/{person}/plan/goals/",
        {"component": "housing", "own_words": "A room of my own", "rating": "2"},
        Goal,
        "goal.added",
    ),
    "something to do": (
        "/people/{person}/plan/to-do/",
        {"component": "housing", "what": "View a room"},
        PlannedIntervention,
        "plan.intervention_planned",
    ),
    "a way to make contact": (
        "/people/{person}/contact/",
        {"kind": "phone", "value": "07700 900123", "is_safe": "yes"},
        ContactPoint,
        "contact.added",
    ),
    "a relative": (
        "/people/{person}/family/",
        {"name": "Ama Mensah", "kind": "mother", "same_household": "yes", "main_carer": "yes"},
        Relative,
        "relative.added",
    ),
    "an event": (
        "/people/{person}/events/",
        {"kind": "move", "what": "He moved", "part": "none", "source": "Himself"}
        | {"on_day": "2", "on_month": "3", "on_year": "2026", "categories": "housing"},
        LifeEvent,
        "event.recorded",
    ),
}
KEY = re.compile(r'<input type="hidden" name="key" value="([^"]*)"')


@pytest.fixture
def form(cast):
    """The address of a form, what is typed into it, what it makes, and the verb of that."""
    case = cast.open_case()
    words = {
        "person": case.person.reference,
        "agency": cast.agencies["lead-charity"].pk,
        "owner": cast.hats["family-worker"].pk,
    }

    def _form(name):
        path, said, model, verb = FORMS[name]
        filled = {field: value.format(**words) for field, value in said.items()}
        return path.format(**words), filled, model, verb

    return _form


def key_on(page):
    return KEY.search(page.content.decode())[1]


def count(model):
    return getattr(model, "rows", model.objects).count()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_sent_twice_is_made_once(form, sign_in, name):
    path, said, model, verb = form(name)
    manager = sign_in("charity-manager")
    key = key_on(manager.get(path))
    told, rows, people = Event.objects.count(), count(model), YoungPerson.rows.count()
    first = manager.post(path, said | {"key": key})
    assert first.status_code == 302
    after = (Event.objects.count(), OutboxMessage.objects.count(), YoungPerson.rows.count())
    again = manager.post(path, said | {"key": key})
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert count(model) == rows + 1
    assert getattr(model, "rows", model.objects).filter(pk=key).exists()
    assert (
        Event.objects.count(),
        OutboxMessage.objects.count(),
        YoungPerson.rows.count(),
    ) == after
    assert Event.objects.filter(verb=verb, subject_id=key).count() == 1
    assert after[0] > told
    assert after[2] == people + (model is Referral)


@pytest.mark.parametrize("name", FORMS)
def test_somebody_elses_key_makes_a_row_of_its_own(form, sign_in, name):
    path, said, model, verb = form(name)
    key = key_on(sign_in("charity-manager").get(path))
    sign_in("charity-manager").post(path, said | {"key": key})
    rows = count(model)
    other = "second-manager" if name in {"a task", "a referral", "a number to ring"} else None
    response = sign_in(other or "lead-worker").post(path, said | {"key": key})
    assert response.status_code == 302
    assert key not in response["Location"]
    assert count(model) == rows + 1
    assert Event.objects.filter(verb=verb, subject_id=key).count() == 1


@pytest.mark.parametrize("name", FORMS)
def test_the_key_comes_back_with_what_is_wrong(form, sign_in, name):
    path, _, model, _ = form(name)
    manager = sign_in("charity-manager")
    key, rows = key_on(manager.get(path)), count(model)
    assert UUID(key) != UUID(key_on(manager.get(path)))
    page = manager.post(path, {"key": key})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert key_on(page) == key
    assert count(model) == rows


@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_a_key_is_taken_and_one_that_is_none_is_not(form, sign_in, name):
    path, said, model, _ = form(name)
    manager, rows = sign_in("charity-manager"), count(model)
    assert manager.post(path, said).status_code == 302
    assert count(model) == rows + 1
    assert manager.post(path, said | {"key": "nonsense"}).status_code == 200
    assert count(model) == rows + 1


def test_a_key_of_somebody_who_is_hidden_says_nothing(cast, form, sign_in):
    hidden = cast.refer(to="other-borough", by=cast.who("outsider"))
    assert sees(cast, "charity-manager", hidden.person) == set()
    path, said, model, _ = form("a referral")
    manager = sign_in("charity-manager")
    taken, free = (manager.post(path, said | {"key": key}) for key in (hidden.pk, new_id()))
    assert (taken.status_code, free.status_code) == (302, 302)
    assert hidden.reference not in taken["Location"]
    assert model.rows.count() == 4
    assert model.rows.get(pk=hidden.pk).sent_to == cast.agencies["other-borough"]


def test_the_same_key_about_somebody_else_is_another_thing(cast, form, sign_in):
    path, said, model, _ = form("a way to make contact")
    other = cast.open_case(given_name="Yaw").person
    manager = sign_in("charity-manager")
    key = key_on(manager.get(path))
    manager.post(path, said | {"key": key})
    manager.post(f"/people/{other.reference}/contact/", said | {"key": key})
    assert model.rows.get(pk=key).person_id != other.pk
    assert model.rows.filter(person=other).count() == 1


def test_by_the_public_door_one_form_is_one_referral(cast):
    door = Client()
    said = ASKED | {"sent_to": str(cast.agencies["lead-charity"].pk), "door": "family"}
    key = key_on(door.get("/refer/"))
    for _ in range(2):
        assert door.post("/refer/", said | {"key": key})["Location"] == "/refer/thank-you/"
    assert Referral.rows.get().pk == UUID(key)
    assert Event.objects.filter(verb="referral.made").count() == 1
    members = cast.refer()
    answer = door.post("/refer/", said | {"key": members.pk})
    assert answer["Location"] == "/refer/thank-you/"
    assert Referral.rows.count() == 3


def test_the_third_goal_sent_twice_is_no_fourth(form, sign_in):
    path, said, model, _ = form("a goal")
    manager = sign_in("charity-manager")
    for key in (uuid4(), uuid4(), uuid4()):
        for _ in range(2):
            assert manager.post(path, said | {"key": key}).status_code == 302
    assert model.rows.count() == 3
    assert manager.post(path, said | {"key": uuid4()}).status_code == 200


def test_who_lost_access_meanwhile_gets_nothing_by_the_key(cast, form, sign_in):
    path, said, _, _ = form("a way to make contact")
    worker = sign_in("lead-worker")
    key = key_on(worker.get(path))
    worker.post(path, said | {"key": key})
    cast.bar(YoungPerson.rows.get(), "lead-worker")
    worker.raise_request_exception = False
    assert worker.post(path, said | {"key": key}).status_code == 404


@pytest.fixture
def seen_by_all(transactional_db):
    """The cast and a case, in rows that every connection sees."""
    from access.context import transact

    with transact(OPERATOR, route="test"):
        cast = build_cast()
        return cast, cast.open_case()


def sent_at_once(user, path, said, times=4):
    """Where each of these leads, sent at the same moment by browsers of one user."""
    gate = Barrier(times)

    def send(_):
        try:
            browser = Client()
            browser.force_login(user)
            gate.wait()
            return browser.post(path, said)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, range(times)))


AT_ONCE = ["a referral", "a message to the lead", "a goal", "a relative", "an event"]


def test_forms_sent_at_the_same_moment_make_one_thing_each(seen_by_all):
    cast, case = seen_by_all
    words = {"person": case.person.reference, "agency": cast.agencies["lead-charity"].pk}
    for name in AT_ONCE:
        path, said, model, verb = FORMS[name]
        filled = {field: value.format(**words) for field, value in said.items()}
        key, rows = str(new_id()), count(model)
        places = sent_at_once(
            cast.user("charity-manager"), path.format(**words), filled | {"key": key}
        )
        assert len(set(places)) == 1, name
        assert count(model) == rows + 1, name
        assert Event.objects.filter(verb=verb, subject_id=key).count() == 1, name


def test_a_contact_under_a_hidden_key_is_logged_under_its_own(cast):
    case, other = cast.open_case(), cast.open_case(given_name="Yaw", led_by="colleague")
    cast.bar(other.person, "lead-worker")
    key = new_id()
    for about, username in ((other, "colleague"), (case, "lead-worker"), (case, "lead-worker")):
        with cast.acting(username):
            intervention.log(
                person=about.person,
                categories=["housing"],
                kind=KindOfIntervention.objects.filter(component="housing")[0],
                at=instant(),
                minutes=30,
                attendance="came",
                key=key,
                by=cast.who(username),
            )
    assert Intervention.rows.get(pk=key).person_id == other.person_id
    assert Intervention.rows.filter(person=case.person).exclude(pk=key).count() == 2
