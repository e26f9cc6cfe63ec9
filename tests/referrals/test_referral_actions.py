"""Referrals: referring opens nothing; a decision says why and where to."""

from datetime import date, timedelta

import pytest

from access.actor import NotAllowed, NotVisible, Operator, Public, System
from access.bases import Basis
from access.categories import ALL, Category
from casework.actions import opening
from casework.models import Case, Plan
from core.clock import instant
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from people import queries as people
from people.models import YoungPerson
from referrals.actions import referral
from referrals.models import Referral
from sharing.models import Involvement
from tests.factories.browsing import later
from tests.factories.watching import refuses, sees, told, writes

__all__ = ["later"]

POINTER = Category.POINTER


def decline(cast, made, by="charity-manager", **more):
    said = {"reason": "no_capacity", "pointed_to": "The club on the corner"} | more
    return referral.decline(referral=made, by=cast.who(by) if by else None, **said)


def accept(cast, made, by="charity-manager", **more):
    return opening.accept(referral=made, by=cast.who(by), **more)


def test_it_opens_to_managers_there_and_the_pointer_to_the_referrer(cast):
    person = cast.refer().person
    assert sees(cast, "charity-manager", person) >= {Category.HOUSING, Category.CONTACT}
    assert sees(cast, "prison-worker", person) == {POINTER}
    assert sees(cast, "lead-worker", person) == {POINTER}
    assert sees(cast, "unit-manager", person) == sees(cast, "outsider", person) == set()
    assert writes(cast, "prison-worker", person) == set()


def test_it_makes_a_provisional_person_who_holds_only_what_was_typed(cast):
    person = cast.refer(family_name="").person
    assert (person.given_name, person.family_name, person.provisional) == ("Kofi", "", True)
    assert Involvement.rows.get(basis=Basis.INTAKE).categories == ALL
    assert told("referral.made", person).detail == {
        "sent_to": str(cast.agencies["lead-charity"].pk)
    }


def test_referring_somebody_hidden_looks_like_referring_a_stranger(cast):
    known = cast.open_case().person
    before = sees(cast, "outsider", known)
    again = cast.refer(by=cast.who("outsider"), to="other-borough")
    stranger = cast.refer(by=cast.who("outsider"), to="other-borough", given_name="Nobody")
    assert again.person_id != known.pk
    assert (again.state, again.person.provisional) == (stranger.state, stranger.person.provisional)
    assert sees(cast, "outsider", known) == before == set()


def test_searching_first_finds_nobody_hidden(cast):
    known = cast.open_case().person
    for words in ("Kofi", "Mensah-Lowe", known.reference, known.reference[:4]):
        assert list(people.search(cast.who("prison-worker"), words)) == [known]
        assert not people.search(cast.who("outsider"), words).exists()
    with pytest.raises(NotVisible):
        people.load(cast.who("outsider"), known.reference)


def test_a_hidden_field_is_not_searched_by(cast):
    cast.open_case(borough="E09000030")
    assert not people.search(cast.who("prison-worker"), "E09000030").exists()
    assert not people.search(cast.who("charity-manager"), "2007").exists()


def test_through_the_public_door_anybody_refers_and_sees_nothing(cast):
    made = cast.refer(by=Public("refer"), door="self", referrer_name="Ama")
    assert (made.referrer, made.referrer_name) == (None, "Ama")
    assert not Involvement.rows.filter(basis=Basis.REFERRER).exists()


@pytest.mark.parametrize("by", [System("x"), Operator("x")])
def test_no_job_and_no_command_refers(cast, by):
    with refuses(NotAllowed):
        cast.refer(by=by)


@pytest.mark.parametrize("username", ["auditor", "analyst", "lead-charity-administrator"])
def test_who_does_not_work_with_young_people_does_not_refer(cast, username):
    with refuses(NotAllowed):
        cast.refer(by=cast.who(username))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"given_name": " "}, "given_name"),
        ({"why_now": ""}, "why_now"),
        ({"components": frozenset()}, "components"),
        ({"date_of_birth": date(2026, 3, 4)}, "date_of_birth"),
        ({"date_of_birth": date(1890, 1, 1)}, "date_of_birth"),
    ],
)
def test_what_is_missing_is_named_and_nobody_is_added(cast, wrong, field):
    with refuses(Invalid, field):
        cast.refer(**wrong)
    assert not YoungPerson.rows.exists()


def test_accepting_opens_a_case_with_a_plan_that_waits_for_its_lead(cast):
    made = cast.refer()
    case = accept(cast, made)
    made.refresh_from_db()
    assert (made.state, made.person.provisional) == ("accepted", False)
    assert (case.state, case.referral, case.episode) == ("opening", made, 1)
    assert Plan.rows.get().components.model.rows.filter(in_use=True).count() == 0
    assert told("case.opened").person_id == made.person_id


@pytest.mark.parametrize("born", [date(2010, 3, 4), date(1999, 3, 3)])
def test_an_age_outside_the_usual_asks_why_and_never_blocks(cast, born):
    made = cast.refer(date_of_birth=born)
    with refuses(Invalid, "age_reason"):
        accept(cast, made)
    assert accept(cast, made, age_reason="His brother is with us").is_open
    assert Referral.rows.get().age_reason == "His brother is with us"


@pytest.mark.parametrize("born", [date(2010, 3, 3), date(2000, 3, 4), None])
def test_from_sixteen_to_twenty_five_and_unknown_nothing_is_asked(cast, born):
    assert accept(cast, cast.refer(date_of_birth=born)).is_open


def test_declining_keeps_a_record_and_closes_the_door_to_nobody(cast):
    made = cast.refer()
    decline(cast, made)
    bases = set(Involvement.rows.live().values_list("basis", flat=True))
    assert (made.__class__.rows.get().state, bases) == ("declined", {"record", "referrer"})
    assert not Case.rows.exists()
    assert Category.HOUSING in sees(cast, "charity-manager", made.person)
    assert writes(cast, "charity-manager", made.person) == set()
    assert cast.refer().state == "received"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pointed_to": ""}, "pointed_to"),
        ({"pointed_to": " ", "next_contact": "\n"}, "pointed_to"),
        ({"reason": ""}, "decline_reason"),
        ({"reason": "too much trouble"}, "decline_reason"),
    ],
)
def test_a_decline_without_reason_or_next_place_is_refused(cast, wrong, field):
    made = cast.refer()
    with refuses(Invalid, field):
        decline(cast, made, **wrong)


def test_somebody_to_call_will_do_as_a_next_place(cast):
    decline(cast, cast.refer(), pointed_to="", next_contact="Ama, 020 7946 0000")


def test_it_is_decided_once(cast):
    for first, second in ((accept, decline), (decline, accept)):
        made = cast.refer()
        first(cast, made)
        with refuses((Conflict, NotAllowed)):
            second(cast, made, by="second-manager")


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("lead-worker", NotAllowed),
        ("prison-worker", NotAllowed),
        ("auditor", NotAllowed),
        ("unit-manager", NotVisible),
    ],
)
def test_only_a_manager_where_it_was_sent_decides(cast, username, refusal):
    made = cast.refer()
    with refuses(refusal):
        decline(cast, made, by=username)
    with refuses(refusal):
        accept(cast, made, by=username)


@pytest.mark.parametrize("decide", [accept, decline])
def test_the_referrer_sees_the_pointer_for_twenty_eight_days_more(cast, later, decide):
    made = cast.refer()
    with later(days=90):
        assert sees(cast, "prison-worker", made.person) == {POINTER}
        decide(cast, made)
    with later(days=118, seconds=-1):
        assert sees(cast, "prison-worker", made.person) == {POINTER}
    with later(days=118):
        assert sees(cast, "prison-worker", made.person) == set()
    row = Involvement.rows.get(basis=Basis.REFERRER)
    assert row.ends - row.starts == timedelta(days=118)


def test_the_referrer_is_told_that_it_is_decided_and_not_what(cast):
    made = cast.refer()
    decline(cast, made, note="Too dangerous for us")
    notice = OutboxMessage.objects.get(arguments__kind="referral_decided")
    assert notice.arguments["user_id"] == str(cast.user("prison-worker").pk)
    assert "dangerous" not in str(notice.arguments)
    assert told("referral.declined").at is not None
    assert made.person.age_on(instant().date()) == 19
