"""The preview of a withdrawal, and that the withdrawal does exactly what it said."""

import re
from datetime import timedelta

import pytest

from access.categories import Category
from access.context import transact
from access.reading import sight
from core.clock import instant, today
from core.errors import Conflict
from sharing import foresight, queries
from sharing.actions import consent
from sharing.models import ConsentLine, Receipt, Withdrawal
from tasking.actions import task
from tests.factories.browsing import later, sign_in
from tests.factories.watching import refuses, sees

__all__ = ["later", "sign_in"]

HOUSING, HEALTH, TASKING = Category.HOUSING, Category.HEALTH, Category.TASKING


@pytest.fixture
def case(cast):
    cast.agree("lead-charity", "borough-unit")
    cast.agree("lead-charity", "housing")
    return cast.open_case()


@pytest.fixture
def given(cast, case):
    return cast.share(case.person, "borough-unit", HOUSING, HEALTH, worker="unit-worker")


def look(cast, given, by="lead-worker", line=None):
    actor = cast.who(by)
    row, seen = queries.load_consent(actor, given.pk)
    plan = queries.withdrawal_plan(row, line, queries.open_lines(actor, row))
    return foresight.preview(plan, seen)


def read(cast, username, person, route="person"):
    with transact(cast.who(username), route=route):
        sight(cast.who(username), person.pk).shows(HOUSING)


def set_task(cast, person, owner="unit-worker", slug="borough-unit", by="charity-manager", **more):
    return task.assign(
        person=person,
        what="Ring the hostel",
        owner_id=cast.user(owner).pk,
        owner_agency_id=cast.agencies[slug].pk,
        due_on=today(),
        by=cast.who(by),
        **more,
    )


def test_it_says_who_stops_seeing_what(cast, given):
    [losing] = look(cast, given).losing
    assert (losing.who, losing.agency) == ("Unit Manager, Unit Worker", "Borough Unit")
    assert (losing.categories, losing.nothing_left) == ("Housing, Health and wellbeing", True)


def test_what_somebody_keeps_on_another_basis_is_no_loss(cast, case, given):
    cast.join(case, "unit-worker", HOUSING)
    losing = {one.who: one.categories for one in look(cast, given).losing}
    assert losing == {"Unit Manager, Unit Worker": "Health and wellbeing"}
    [stays] = look(cast, given).staying
    assert (stays.who, stays.categories) == ("Unit Worker, Borough Unit", "Housing")


def test_a_recipient_without_an_agreement_loses_nothing(cast, case):
    given = cast.share(case.person, "school", HOUSING, worker="school-lead")
    found = look(cast, given)
    assert found.losing == []
    assert found.without_effect == ["School Lead, School"]


def test_it_names_who_has_read_it_since_and_how(cast, case, given, later):
    with later(hours=1):
        read(cast, "unit-worker", case.person)
        read(cast, "unit-worker", case.person, route="print_plan")
        read(cast, "lead-worker", case.person)
        [held] = look(cast, given).holding
    assert (held.who, held.categories) == ("Unit Worker, Borough Unit", "Housing")
    assert "printing" in held.ways


def test_what_was_read_before_the_share_began_is_not_held_by_it(cast, case, later):
    cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
    with later(hours=1):
        read(cast, "unit-worker", case.person)
    with later(hours=2):
        again = cast.share(case.person, "borough-unit", HOUSING, worker="unit-worker")
        assert look(cast, again).holding == []


def test_a_task_goes_to_the_lead_worker(cast, case, given):
    mine = set_task(cast, case.person)
    [moving] = look(cast, given).moving
    assert (moving.words, moving.was, moving.will_be) == (
        "Ring the hostel",
        "Unit Worker",
        "Lead Worker",
    )
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    mine.refresh_from_db()
    assert mine.owner == cast.user("lead-worker")


def test_a_task_stays_with_who_sees_tasks_on_another_basis(cast, case, given):
    mine = set_task(cast, case.person)
    cast.join(case, "unit-worker", TASKING)
    assert look(cast, given).moving == []
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    mine.refresh_from_db()
    assert mine.owner == cast.user("unit-worker")


def test_an_enforcement_task_never_goes_to_the_lead_worker(cast, case, given):
    from sharing.actions import involvement
    from tasking.models import Task

    mine = set_task(cast, case.person)
    Task.rows.filter(pk=mine.pk).update(kind="enforcement")
    involvement.end_where(
        person_id=case.person.pk, source_id=mine.pk, by=cast.who("charity-manager")
    )
    [moving] = look(cast, given).moving
    assert moving.words == "", "the lead worker may not read it"
    assert moving.will_be == "Charity Manager"
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    mine.refresh_from_db()
    assert mine.owner == cast.user("charity-manager")
    assert Category.ENFORCEMENT not in sees(cast, "lead-worker", case.person)


def test_what_was_shown_is_done_and_written_down(cast, case, given, later):
    cast.join(case, "unit-worker", HOUSING)
    with later(hours=1):
        read(cast, "unit-worker", case.person)
        shown = look(cast, given)
        done = consent.withdraw(
            consent=given, channel="phone", expected=shown.mark, by=cast.who("lead-worker")
        )
    assert done.categories == {HOUSING, HEALTH}
    assert (len(done.ended), len(done.goes_on), done.channel) == (1, 1, "phone")
    assert done.held_by == [cast.user("unit-worker").pk]


def changes(cast, case):
    return {
        "a new basis": lambda: cast.join(case, "unit-worker", HOUSING),
        "a new task": lambda: set_task(cast, case.person),
        "a new reader": lambda: read(cast, "unit-worker", case.person),
        "a bar": lambda: cast.bar(case.person, "unit-worker"),
        "another hire": lambda: cast.hire("new-manager", "borough-unit", role="manager"),
    }


def test_who_would_lose_what_is_worked_out_only_for_a_page_that_shows_it(cast, given, monkeypatch):
    def asked(*_, **__):
        raise AssertionError("Everybody at the recipient's agency was looked up.")

    monkeypatch.setattr("sharing.facts.watchers", asked)
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    assert not ConsentLine.rows.filter(consent=given, ended_at=None).exists()


@pytest.mark.parametrize(
    "what", ["a new basis", "a new task", "a new reader", "a bar", "another hire"]
)
def test_a_preview_that_is_out_of_date_is_refused(cast, case, given, later, what):
    with later(hours=1):
        shown = look(cast, given)
        changes(cast, case)[what]()
        with refuses(Conflict):
            consent.withdraw(consent=given, expected=shown.mark, by=cast.who("lead-worker"))
        now = look(cast, given)
        consent.withdraw(consent=given, expected=now.mark, by=cast.who("lead-worker"))


def test_looking_again_does_not_make_it_out_of_date(cast, case, given, later):
    with later(hours=1):
        read(cast, "unit-worker", case.person)
        shown = look(cast, given)
    with later(hours=2):
        read(cast, "unit-worker", case.person)
        consent.withdraw(consent=given, expected=shown.mark, by=cast.who("lead-worker"))


def test_a_partner_takes_back_only_what_their_own_agency_sees(cast, case):
    cast.join(case, "housing-officer", Category.POINTER, HOUSING)
    row = consent.record(
        person=case.person,
        lines=[
            consent.Line(
                cast.agencies[slug].pk,
                cast.user(username).pk,
                frozenset({HOUSING}),
                instant() + timedelta(days=20),
            )
            for slug, username in (("housing", "housing-officer"), ("borough-unit", "unit-worker"))
        ],
        giver="young_person",
        competence="presumed",
        channel="phone",
        place="home",
        purposes=["support"],
        by=cast.who("lead-worker"),
    )
    consent.withdraw(consent=row, by=cast.who("housing-officer"))
    ended = {line.agency.slug: line.ended_at is not None for line in ConsentLine.rows.all()}
    assert ended == {"housing": True, "borough-unit": False}
    assert HOUSING in sees(cast, "unit-worker", case.person)


# The pages.


def mark_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def test_the_page_shows_it_and_does_it(cast, case, given, sign_in, later):
    set_task(cast, case.person)
    with later(hours=1):
        read(cast, "unit-worker", case.person)
        browser = sign_in("lead-worker")
        page = browser.get(f"/consents/{given.pk}/withdraw/").content.decode()
        assert "Ring the hostel" in page
        assert "Unit Worker, Borough Unit: Housing, last on 3 March 2026, 15:02" in page
        done = browser.post(
            f"/consents/{given.pk}/withdraw/", {"seen": mark_on(page), "channel": "phone"}
        )
        assert done["Location"] == f"/consents/{given.pk}/receipt/"
        paper = browser.get(done["Location"]).content.decode()
        assert "Taken back on 3 March 2026" in paper
        assert "A place to live, Feeling well" in paper, "in the young person's words"
        assert sees(cast, "unit-worker", case.person) == set()


def test_a_page_that_is_out_of_date_says_so_and_shows_how_it_is_now(cast, case, given, sign_in):
    browser = sign_in("lead-worker")
    path = f"/consents/{given.pk}/withdraw/"
    page = browser.get(path).content.decode()
    set_task(cast, case.person)
    again = browser.post(path, {"seen": mark_on(page), "channel": "phone"}).content.decode()
    assert "Something has changed since this page was opened" in again
    assert "Ring the hostel" in again
    assert mark_on(again) != mark_on(page)
    assert Withdrawal.rows.count() == 0


def test_without_having_seen_the_preview_nothing_is_done(cast, given, sign_in):
    path = f"/consents/{given.pk}/withdraw/"
    assert sign_in("lead-worker").post(path, {"channel": "phone"}).status_code == 200
    assert Withdrawal.rows.count() == 0


@pytest.mark.parametrize("username", ["unit-worker", "outsider", "auditor", "school-lead"])
def test_nobody_else_finds_the_pages(cast, given, sign_in, username):
    browser = sign_in(username)
    for page in ("withdraw", "receipt"):
        assert browser.get(f"/consents/{given.pk}/{page}/").status_code == 404


# Receipts of recipients.


def test_recipients_are_told_without_a_name_and_answer(cast, case, given, sign_in):
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    row = Receipt.objects.get(user=cast.user("unit-worker"))
    browser = sign_in("unit-worker")
    page = browser.get(f"/receipts/{row.pk}/").content.decode()
    assert "Lead Charity" in page
    for hidden in ("Kofi", "Mensah", case.person.reference, "Housing"):
        assert hidden not in page
    browser.post(f"/receipts/{row.pk}/", {"answer": "destroyed"})
    row.refresh_from_db()
    assert (row.answer, row.answered_at) == ("destroyed", instant())


def test_nobody_reads_or_answers_the_receipt_of_another(cast, given, sign_in):
    consent.withdraw(consent=given, by=cast.who("lead-worker"))
    row = Receipt.objects.get(user=cast.user("unit-worker"))
    assert sign_in("unit-manager").get(f"/receipts/{row.pk}/").status_code == 404
    assert (
        sign_in("lead-worker").post(f"/receipts/{row.pk}/", {"answer": "none"}).status_code == 404
    )


def test_of_a_whole_agency_the_managers_and_the_readers_are_told(cast, case, later):
    given = cast.share(case.person, "borough-unit", HOUSING)
    with later(hours=1):
        read(cast, "unit-worker", case.person)
        consent.withdraw(consent=given, by=cast.who("lead-worker"))
    told = set(Receipt.objects.values_list("user__username", flat=True))
    assert told == {"unit-manager", "unit-worker"}
