"""“About me”, and the card: nothing is told without both, and a pause acts at once."""

from datetime import timedelta

import pytest
from django.test import Client

from access.actor import NotAllowed, NotVisible, Public
from access.categories import Category
from access.reading import sight, sights
from audit.models import Event
from casework.actions import about_me
from casework.models import Card, Saying
from casework.queries.about_me import who_knows
from core import clock
from core.clock import instant
from core.errors import Conflict, Invalid
from sharing.actions import decision
from sharing.models import LawfulBasis, Withdrawal
from tasking.models import Alert
from tests.access.behind import behind_the_wall
from tests.factories.browsing import sign_in
from tests.factories.watching import refuses

__all__ = ["sign_in"]

DOOR = Public("card")


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "housing")
    case = cast.open_case()
    cast.share(case.person, "housing", Category.HOUSING, worker="housing-officer")
    return case


@pytest.fixture
def card(cast, case):
    return about_me.issue_card(person=case.person, by=cast.who("lead-worker"))


def use(card, kind="pause", words="", pin=None, number=None):
    row, right = card
    return about_me.use_card(
        number=number or row.number, pin=pin or right, kind=kind, words=words, by=DOOR
    )


def wrong(pin):
    return f"{(int(pin) + 1) % 1_000_000:06}"


def housing_sees(cast, case):
    officer = cast.who("housing-officer")
    return Category.HOUSING in sights(officer, [case.person_id])[case.person_id].answer.visible


def test_a_pause_ends_what_was_agreed_at_that_instant_and_pages_the_worker(cast, case, card):
    assert housing_sees(cast, case)
    with behind_the_wall(DOOR):
        assert use(card, words="I need a break")
    assert not housing_sees(cast, case)
    assert Withdrawal.rows.get().recorded_by is None
    alert = Alert.rows.get()
    assert (alert.kind, alert.owner) == ("about_me", cast.user("lead-worker"))
    assert "break" not in alert.message


@pytest.mark.parametrize("kind", ["who_looked", "disagree", "feedback"])
def test_what_else_they_ask_is_kept_and_pages_the_worker_and_ends_nothing(cast, case, card, kind):
    assert use(card, kind, words="I never said that")
    assert (Saying.rows.get().kind, Saying.rows.get().words) == (kind, "I never said that")
    assert Alert.rows.count() == 1
    assert housing_sees(cast, case)


def test_with_a_wrong_pin_nothing_happens_and_it_is_on_record(cast, case, card):
    assert use(card, pin=wrong(card[1])) is False
    assert housing_sees(cast, case)
    assert not Saying.rows.exists()
    assert Event.objects.get(verb="card.refused").refused


def test_five_wrong_pins_lock_the_card_for_an_hour_for_the_right_one_too(cast, case, card):
    for _ in range(about_me.TRIES):
        assert use(card, pin=wrong(card[1])) is False
    assert use(card) is False
    with clock.at(instant() + timedelta(hours=1, seconds=1)):
        assert use(card) is True


def test_a_card_that_is_none_or_has_ended_does_nothing(cast, case, card):
    assert use(card, number="AM-222222") is False
    about_me.end_card(person=case.person, by=cast.who("lead-worker"))
    assert use(card) is False
    with refuses(Conflict):
        about_me.end_card(person=case.person, by=cast.who("lead-worker"))


def test_a_new_card_ends_the_old_one_and_its_pin_is_kept_nowhere(cast, case, card):
    fresh = about_me.issue_card(person=case.person, by=cast.who("lead-worker"))
    assert use(card) is False
    assert use(fresh) is True
    assert fresh[1] not in str(list(Card.rows.values()))
    assert fresh[1] not in str(list(Event.objects.values("detail", "digests")))


def test_what_needs_words_is_refused_without(cast, case, card):
    with refuses(Invalid, "words"):
        use(card, "disagree")
    with refuses(Invalid, "kind"):
        use(card, "read")


@pytest.mark.parametrize(
    ("username", "refusal"), [("colleague", NotAllowed), ("outsider", NotVisible)]
)
def test_only_who_writes_about_them_gives_a_card(cast, case, username, refusal):
    with refuses(refusal):
        about_me.issue_card(person=case.person, by=cast.who(username))


def test_the_worker_writes_down_what_they_answered_once(cast, case, card):
    use(card, "who_looked")
    row, lead = Saying.rows.get(), cast.who("lead-worker")
    about_me.answer(saying=row, words="Went through the list together", by=lead)
    with refuses(Conflict):
        about_me.answer(saying=row, words="Again", by=lead)


# The page.


def told_of(cast, case):
    with cast.acting("lead-worker") as notes:
        found = who_knows(case.person, sight(cast.who("lead-worker"), case.person_id))
        notes.shown.clear()
    return {one.who for one in found}


def share_with_the_police(cast, case, *, told):
    cast.agree("lead-charity", "police")
    row = decision.propose(
        person=case.person,
        share=True,
        kind="one_off",
        agency=cast.agencies["police"],
        worker_id=None,
        categories=[Category.POINTER, Category.SAFETY],
        lawful_basis=LawfulBasis.objects.get(code="legitimate-interests"),
        necessity="He asked them to keep an eye on the estate",
        proportionality="Nothing else",
        told=told,
        not_told_reason="" if told else "It would put a witness in danger",
        until=instant() + timedelta(days=7),
        by=cast.who("lead-worker"),
    )
    decision.approve(decision=row, by=cast.who("charity-manager"))


def test_it_names_people_and_leaves_out_what_they_were_not_told(cast, case):
    assert told_of(cast, case) == {"Lead Worker", "Housing Officer"}
    cast.join(case, "clinician", Category.HEALTH)
    assert "Clinician" in told_of(cast, case)


def test_it_does_not_say_that_a_worker_knows_what_is_said_in_therapy(cast, case):
    cast.join(case, "clinician", Category.CLINICAL, Category.HEALTH)
    with cast.acting("lead-worker") as notes:
        found = who_knows(case.person, sight(cast.who("lead-worker"), case.person_id))
        notes.shown.clear()
    knows = {one.who for one in found if "What I say in therapy" in one.what}
    assert knows == {"Clinician"}


@pytest.mark.parametrize("told", [True, False])
def test_it_never_names_the_police(cast, case, told):
    share_with_the_police(cast, case, told=told)
    assert "Police" not in told_of(cast, case)


def test_the_page_shows_what_they_approved_and_never_claims_to_be_complete(cast, case, sign_in):
    about_me.approve(
        person=case.person,
        words="I like trains",
        how="Read it together",
        by=cast.who("lead-worker"),
    )
    path = f"/people/{case.person.reference}/about-me/"
    page = sign_in("lead-worker").get(path).content.decode()
    assert "I like trains" in page
    assert "A place to live" in page
    assert "The law can ask for more" in page
    assert "I like trains" in sign_in("lead-worker").get(path + "print/").content.decode()


@pytest.mark.parametrize(
    ("username", "status"), [("colleague", 403), ("housing-officer", 403), ("outsider", 404)]
)
def test_others_find_no_page(cast, case, sign_in, username, status):
    path = f"/people/{case.person.reference}/about-me/"
    for end in ("", "approved/", "print/", "card/"):
        assert sign_in(username).get(path + end).status_code == status


# The door.


def at_the_door(**said):
    return Client().post("/link/about-me/", {"kind": "pause"} | said)


def test_the_door_answers_alike_whatever_is_wrong_and_leaves_no_cookie(cast, case, card):
    row, pin = card
    answers = [
        at_the_door(number=row.number, pin=wrong(pin)),
        at_the_door(number="AM-222222", pin=pin),
    ]
    bodies = {
        one.content.decode().replace(row.number, "").replace("AM-222222", "") for one in answers
    }
    assert len(bodies) == 1
    assert {one.status_code for one in answers} == {200}
    assert not any(one.cookies for one in answers)
    assert housing_sees(cast, case)


def test_with_both_it_acts_and_shows_nothing_of_them(cast, case, card, sign_in):
    row, pin = card
    answer = at_the_door(number=row.number.lower(), pin=f"{pin[:3]} {pin[3:]}")
    body = answer.content.decode()
    assert "Your worker has been told" in body
    assert not housing_sees(cast, case)
    for hidden in ("Kofi", "Mensah", case.person.reference, row.number, "Lead Charity"):
        assert hidden not in body
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_tried_too_often_from_one_place_it_says_so(cast, case, card, settings):
    settings.ACCOUNT_RATE_LIMITS = {"about_me": "5/m/ip"}
    statuses = [at_the_door(number="AM-222222", pin="000000").status_code for _ in range(7)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_the_pin_is_shown_once_on_the_workers_page(cast, case, sign_in):
    path = f"/people/{case.person.reference}/about-me/card/"
    client = sign_in("lead-worker")
    issued = client.post(path).content.decode()
    assert Card.rows.get().number in issued
    assert "PIN: <strong>" in issued
    assert "PIN: <strong>" not in client.get(path).content.decode()
