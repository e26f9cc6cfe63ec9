"""Ring me: whoever knows them is paged; the asker is told the same either way."""

from datetime import date

import pytest

from access.actor import NotAllowed, Public, System
from core.errors import Invalid
from core.models import OutboxMessage
from people.matching import Facts
from people.models import YoungPerson
from tasking import queries
from tasking.actions import ring_me
from tasking.models import Alert, RingMe
from tests.factories.browsing import sign_in
from tests.factories.watching import refuses

__all__ = ["sign_in"]

JOB = System("tasking.answer_ring_me")
KNOWN = Facts(name="Kofi Mensah-Lowe", born=date(2007, 2, 11))
UNKNOWN = Facts(name="Nobody Here", born=date(2007, 2, 11))


@pytest.fixture
def case(cast):
    case = cast.open_case()
    YoungPerson.rows.filter(pk=case.person_id).update(provisional=False)
    return case


def ask(cast, facts, by="outsider"):
    return ring_me.ask(facts=facts, callback="020 7946 0000", message="On ward 4", by=cast.who(by))


def test_the_lead_of_who_is_known_is_paged_with_the_number(cast, case):
    row = ask(cast, KNOWN)
    assert not Alert.rows.exists()
    ring_me.answer(key=row.pk, by=JOB)
    alert = Alert.rows.get()
    assert (alert.person_id, alert.kind, alert.callback) == (
        case.person_id,
        "ring_me",
        "020 7946 0000",
    )
    assert alert.owner == cast.user("lead-worker")
    assert alert.message == "On ward 4"


def test_who_asks_does_not_learn_that_somebody_fits(cast, case, sign_in):
    """Not even who knows whom to ask, and could try one fact after the other."""
    ring_me.answer(key=ask(cast, KNOWN, by="colleague").pk, by=JOB)
    assert Alert.rows.count() == 1
    assert not queries.raised_alerts(cast.who("colleague"))
    assert "Messages you sent" not in sign_in("colleague").get("/").text


def test_answered_twice_it_pages_once(cast, case):
    row = ask(cast, KNOWN)
    ring_me.answer(key=row.pk, by=JOB)
    ring_me.answer(key=row.pk, by=JOB)
    assert Alert.rows.count() == 1


def test_nobody_is_paged_of_who_is_not_known(cast, case):
    ring_me.answer(key=ask(cast, UNKNOWN).pk, by=JOB)
    assert not Alert.rows.exists()


def test_what_was_typed_can_not_be_read_and_is_forgotten(cast, case):
    row = ask(cast, UNKNOWN)
    assert b"Nobody" not in bytes(RingMe.objects.get().sealed)
    assert "Nobody" not in str([one.arguments for one in OutboxMessage.objects.all()])
    ring_me.answer(key=row.pk, by=JOB)
    assert bytes(RingMe.objects.get().sealed) == b""


def test_a_barred_asker_pages_too_and_the_lead_is_warned(cast, case):
    cast.bar(case.person, "outsider")
    ring_me.answer(key=ask(cast, KNOWN).pk, by=JOB)
    assert "tell them nothing" in Alert.rows.get().message


def test_it_needs_a_number_and_somebody_who_may(cast, case):
    with refuses(Invalid, "callback"):
        ring_me.ask(facts=KNOWN, callback="soon", message="", by=cast.who("outsider"))
    with refuses(NotAllowed):
        ask(cast, KNOWN, by="analyst")


def test_the_page_says_the_same_whoever_it_is_about(cast, case, sign_in):
    client, said = sign_in("outsider"), {"callback": "020 7946 0000", "message": "", "area": ""}
    born = {"born_day": "11", "born_month": "2", "born_year": "2007"}
    answers = []
    for name in ("Kofi Mensah-Lowe", "Nobody Here"):
        answer = client.post("/ring-me/", said | born | {"name": name}, follow=True)
        answers.append((answer.redirect_chain, [str(one) for one in answer.context["messages"]]))
    assert answers[0] == answers[1]
    assert RingMe.objects.count() == 2


def test_a_referral_from_a_hospital_pages_whoever_knows_them(cast, case):
    cast.refer(by=Public("refer"), door="hospital", referrer_contact="020 7946 0000")
    ring_me.answer(key=RingMe.objects.get().pk, by=JOB)
    assert Alert.rows.get().person_id == case.person_id


@pytest.mark.parametrize("more", [{"door": "school"}, {"referrer_contact": "by letter"}])
def test_another_referral_pages_nobody(cast, case, more):
    cast.refer(
        by=Public("refer"), **{"door": "hospital", "referrer_contact": "020 7946 0000"} | more
    )
    assert not RingMe.objects.exists()


def test_a_signed_in_hospital_worker_is_rung_as_well(cast, case):
    cast.refer(door="hospital", referrer_contact="Ward 7, bleep 4411")
    ring_me.answer(key=RingMe.objects.get().pk, by=JOB)
    assert Alert.rows.get().callback == "Ward 7, bleep 4411"


def test_the_form_of_those_who_work_here_asks_for_the_number(cast, sign_in):
    page = sign_in("lead-worker").get("/referrals/new/").content.decode()
    assert 'name="referrer_contact"' in page
