"""Emergency access: two facts, one person, four kinds of information, and everybody told."""

from datetime import date, timedelta

import pytest

from access.actor import Member, NotAllowed, System
from access.categories import Category
from access.reading import sights
from audit.models import Event
from core.clock import instant
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from people.matching import Facts
from people.models import YoungPerson
from sharing import emergencies
from sharing.actions import break_glass, protection
from sharing.models import BreakGlass, Involvement
from tests.access.behind import behind_the_wall
from tests.factories.browsing import sign_in
from tests.factories.watching import refuses

__all__ = ["sign_in"]

FITS = Facts(name="Kofi Mensah-Lowe", born=date(2007, 2, 11))
FITS_NOBODY = Facts(name="Kofi Mensah-Lowe", born=date(2001, 1, 1))
SEEN = {Category.POINTER, Category.IDENTITY, Category.CONTACT, Category.SAFETY}


@pytest.fixture
def case(cast):
    case = cast.open_case()
    YoungPerson.rows.filter(pk=case.person_id).update(provisional=False)
    return case


def ask(cast, username="outsider", facts=FITS, **more):
    said = {
        "risk": "life",
        "reason": "Stabbed, in our emergency department, unconscious",
        "shift_ends": instant() + timedelta(hours=5),
    } | more
    member = cast.who(username, stepped_up_at=said.pop("stepped_up_at", instant()))
    return break_glass.open_record(facts=facts, by=member, **said)


def told(kind):
    waiting = OutboxMessage.objects.filter(arguments__kind=kind)
    return {message.arguments["user_id"] for message in waiting}


def sees(cast, username, case):
    return set(sights(cast.who(username), [case.person_id])[case.person_id].answer.visible)


def test_it_opens_who_they_are_how_to_reach_them_and_the_safety_plan(cast, case):
    row = ask(cast)
    assert sees(cast, "outsider", case) == SEEN
    assert row.involvement.ends == instant() + timedelta(hours=5)
    assert sees(cast, "outside-manager", case) == set()


def test_it_is_over_after_twelve_hours_at_the_latest(cast, case):
    row = ask(cast, shift_ends=instant() + timedelta(hours=20))
    assert row.involvement.ends == instant() + timedelta(hours=12)


@pytest.mark.parametrize("facts", [FITS_NOBODY, Facts(name="Kofi Mensah-Lowe")])
def test_who_fits_nobody_gets_nothing_and_it_is_on_record(cast, case, facts):
    assert ask(cast, facts=facts) is None
    assert not Involvement.rows.filter(basis="break_glass").exists()
    event = Event.objects.get(verb="break_glass.refused")
    assert (event.refused, event.person_id) == (True, None)
    assert "Kofi" not in str(event.detail) + str(event.digests)


def test_a_barred_user_gets_the_same_nothing(cast, case):
    protection.bar(
        person=case.person,
        user=cast.user("outsider"),
        reason="A cousin of somebody he is in conflict with",
        review_on=date(2027, 1, 1),
        by=cast.who("charity-manager"),
    )
    with behind_the_wall(cast.who("outsider", stepped_up_at=instant())):
        assert ask(cast) is None
    assert Event.objects.get(verb="break_glass.refused").detail["why"] == "barred"


@pytest.mark.parametrize("ago", [timedelta(minutes=5), timedelta(hours=1), -timedelta(seconds=1)])
def test_who_has_not_just_said_who_they_are_is_asked_to(cast, case, ago):
    with pytest.raises(break_glass.StepUpWanted):
        ask(cast, stepped_up_at=instant() - ago)
    with pytest.raises(break_glass.StepUpWanted):
        ask(cast, stepped_up_at=None)


@pytest.mark.parametrize("username", ["auditor", "analyst", "school-administrator"])
def test_only_who_works_with_young_people_may_ask(cast, case, username):
    with refuses(NotAllowed):
        ask(cast, username)


def test_it_needs_a_reason_and_an_end(cast, case):
    with refuses(Invalid, "reason"):
        ask(cast, reason=" ")
    with refuses(Invalid, "shift_ends"):
        ask(cast, shift_ends=instant())


def test_the_lead_and_the_auditor_of_the_lead_agency_are_told_without_content(cast, case):
    ask(cast)
    assert told("emergency_opened") == {
        str(cast.user("lead-worker").pk),
        str(cast.user("auditor").pk),
    }
    assert "Kofi" not in str([message.arguments for message in OutboxMessage.objects.all()])


def test_of_the_lead_agencys_own_the_partners_auditor_is_told(cast, case):
    cast.agree("lead-charity", "borough-unit")
    ask(cast, "colleague")
    assert str(cast.user("unit-auditor").pk) in told("emergency_opened")
    assert str(cast.user("auditor").pk) not in told("emergency_opened")


def test_it_opens_a_restricted_record_to_the_one_who_broke_the_glass(cast, case):
    cast.join(case, "second-manager", Category.SAFETY)
    protection.restrict(
        person=case.person,
        reason="Threats to relatives on the staff",
        review_on=date(2027, 1, 1),
        by=cast.who("charity-manager"),
    )
    ask(cast)
    assert sees(cast, "outsider", case) == SEEN


def test_an_overdue_account_suspends_the_next(cast, case, monkeypatch):
    row = ask(cast)
    assert row.account_due_at == instant().replace(month=3, day=5, hour=0, minute=0)
    BreakGlass.rows.filter(pk=row.pk).update(account_due_at=instant())
    with pytest.raises(break_glass.Suspended):
        ask(cast)
    break_glass.account(row=row, words="Rang his mother; she came.", by=cast.who("outsider"))
    assert ask(cast) is not None


def test_only_who_opened_it_accounts_and_only_once(cast, case):
    row = ask(cast)
    with refuses(NotAllowed):
        break_glass.account(row=row, words="I did", by=cast.who("outside-manager"))
    break_glass.account(row=row, words="Rang his mother", by=cast.who("outsider"))
    with refuses(Conflict):
        break_glass.account(row=row, words="Again", by=cast.who("outsider"))
    assert str(cast.user("charity-manager").pk) in told("emergency_review")


def test_after_it_has_closed_its_user_still_accounts_behind_the_wall(cast, case):
    row = ask(cast)
    outsider = cast.who("outsider")
    with behind_the_wall(outsider, instant() + timedelta(hours=13)):
        assert [found.pk for found in emergencies.owed(outsider)] == [row.pk]
        assert emergencies.load(outsider, row.pk).is_open is False
        break_glass.account(row=row, words="Rang his mother", by=outsider)
        assert emergencies.owed(outsider) == []


def test_a_manager_of_the_lead_agency_reviews_it_and_what_was_wrong_ends(cast, case):
    row = ask(cast)
    for username in ("outsider", "outside-manager", "lead-worker"):
        with refuses(NotAllowed):
            break_glass.review(row=row, outcome="right", note="Yes", by=cast.who(username))
    manager: Member = cast.who("charity-manager")
    assert [found.pk for found in emergencies.to_review(manager, limit=9)[0]] == [row.pk]
    break_glass.review(row=row, outcome="wrong", note="Not in danger", by=manager)
    assert sees(cast, "outsider", case) == set()
    assert emergencies.to_review(manager, limit=9) == ([], False)


def test_nobody_reviews_their_own(cast, case):
    row = ask(cast, "second-manager")
    with refuses(NotAllowed):
        break_glass.review(row=row, outcome="right", note="Me", by=cast.who("second-manager"))


def test_a_late_review_is_escalated_to_managers_and_auditors_once(cast, case):
    row = ask(cast)
    job = System("sharing.chase_emergencies")
    assert break_glass.chase(by=job) == 0
    BreakGlass.rows.filter(pk=row.pk).update(review_due_at=instant())
    before = OutboxMessage.objects.count()
    break_glass.chase(by=job)
    told_once = OutboxMessage.objects.count()
    break_glass.chase(by=job)
    assert before < told_once == OutboxMessage.objects.count()
    assert str(cast.user("auditor").pk) in told("emergency_late")
    assert str(cast.user("outsider").pk) not in told("emergency_late")


def test_its_user_closes_it_early_and_nobody_else_does(cast, case):
    row = ask(cast)
    with refuses(NotAllowed):
        break_glass.finish(row=row, by=cast.who("outside-manager"))
    break_glass.finish(row=row, by=cast.who("outsider"))
    assert sees(cast, "outsider", case) == set()


def test_the_lead_finds_on_their_day_who_opened_whose_record(cast, case, sign_in):
    cast.join(case, "family-worker", Category.SAFETY)
    ask(cast)
    words = "opened the record of"
    assert words in sign_in("lead-worker").get("/").content.decode()
    for username in ("family-worker", "colleague", "outsider"):
        assert words not in sign_in(username).get("/").content.decode(), username


def test_its_user_reads_what_was_found_and_not_what_the_reviewer_wrote(cast, case, sign_in):
    row = ask(cast)
    break_glass.account(row=row, words="Rang his mother", by=cast.who("outsider"))
    note = "His brother was there too"
    break_glass.review(row=row, outcome="right", note=note, by=cast.who("charity-manager"))
    address = f"/emergency-access/{row.pk}/"
    mine = sign_in("outsider").get(address).content.decode()
    row.refresh_from_db()
    assert row.get_outcome_display() in mine
    assert note not in mine
    assert note in sign_in("charity-manager").get(address).content.decode()


def test_what_was_typed_is_kept_while_they_say_again_who_they_are(cast, case, sign_in):
    page = sign_in("outsider").post("/emergency-access/", {"reason": "He is bleeding"})
    assert 'data-draft="emergency-access"' in page.content.decode()
    assert "He is bleeding" in page.content.decode()
