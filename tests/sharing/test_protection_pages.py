"""Bars and restrictions on the manager's pages: total, reviewed, and never lapsing in silence."""

from datetime import date

import pytest

from access.categories import Category
from core.models import OutboxMessage
from sharing.models import Bar, BarReason, Restriction, RestrictionReason
from sharing.tasks import find_due
from tests.factories.browsing import later, sign_in
from tests.factories.watching import sees

__all__ = ["later", "sign_in"]

MANAGER = "charity-manager"
DAY = {"review_on_day": "1", "review_on_month": "9", "review_on_year": "2026"}


@pytest.fixture
def case(cast):
    return cast.open_case()


@pytest.fixture
def path(case):
    return f"/people/{case.person.reference}/protection/"


def bar(cast, browser, path, username="colleague"):
    return browser.post(
        f"{path}bar/", DAY | {"user": str(cast.user(username).pk), "reason": "A cousin of X"}
    )


def test_a_manager_bars_somebody_who_finds_nothing_from_then_on(cast, case, path, sign_in):
    person = f"/people/{case.person.reference}/"
    assert sign_in("colleague").get(person).status_code == 200
    bar(cast, sign_in(MANAGER), path)
    assert sign_in("colleague").get(person).status_code == 404
    found = sign_in("colleague").get("/people/?q=Kofi").content.decode()
    assert case.person.reference not in found
    page = sign_in(MANAGER).get(path).content.decode()
    assert "Colleague" in page
    assert "A cousin of X" in page


def test_the_reason_is_asked_for_and_kept_apart(cast, path, sign_in):
    answer = sign_in(MANAGER).post(f"{path}bar/", DAY | {"user": str(cast.user("colleague").pk)})
    assert "There is a problem" in answer.content.decode()
    assert Bar.rows.count() == 0


def test_lifting_says_why_it_is_safe(cast, case, path, sign_in):
    browser = sign_in(MANAGER)
    bar(cast, browser, path)
    row = Bar.rows.get()
    lift = f"/protection/bar/{row.pk}/lift/"
    browser.post(lift, {"words": " "})
    assert sees(cast, "colleague", case.person) == set()
    browser.post(lift, {"words": "They have moved abroad"})
    assert sees(cast, "colleague", case.person) == {Category.POINTER}
    assert BarReason.rows.get().lifted == "They have moved abroad"
    assert browser.get(lift).status_code == 404


def test_a_record_is_restricted_to_who_is_named_on_it(cast, case, path, sign_in):
    browser = sign_in(MANAGER)
    said = DAY | {"reason": "A colleague lives with somebody of the other side"}
    refused = browser.post(f"{path}restrict/", said).content.decode()
    assert "At least two named workers" in refused
    from casework.actions import lead

    lead.join_team(
        case=case,
        agency=cast.agencies["lead-charity"],
        worker_id=cast.user(MANAGER).pk,
        categories=[Category.SAFETY],
        by=cast.who("second-manager"),
    )
    browser.post(f"{path}restrict/", said)
    assert sees(cast, "colleague", case.person) == set()
    assert sees(cast, "second-manager", case.person) == set()
    row = Restriction.rows.get()
    browser.post(f"/protection/restriction/{row.pk}/lift/", {"words": "They have left"})
    assert Category.SAFETY in sees(cast, "second-manager", case.person)
    assert RestrictionReason.rows.get().lifted == "They have left"


@pytest.mark.parametrize(
    ("username", "status"),
    [("lead-worker", 403), ("colleague", 404), ("outsider", 404), ("unit-manager", 404)],
)
def test_for_anybody_else_there_is_no_such_page(cast, path, sign_in, username, status):
    browser = sign_in(username)
    for page in ("", "bar/", "restrict/"):
        assert browser.get(f"{path}{page}").status_code == status


def test_a_partners_manager_learns_nothing_of_bars(cast, case, path, sign_in):
    cast.agree("lead-charity", "borough-unit")
    cast.join(case, "unit-manager", Category.SAFETY)
    cast.bar(case.person, "colleague")
    row = Bar.rows.get()
    browser = sign_in("unit-manager")
    assert browser.get(path).status_code == 404
    for page in ("lift", "review"):
        assert browser.get(f"/protection/bar/{row.pk}/{page}/").status_code == 404
        assert browser.get(f"/protection/leash/{row.pk}/{page}/").status_code == 404


# Reviews.


def told():
    rows = OutboxMessage.objects.filter(arguments__kind="protection_review")
    return {row.arguments["user_id"] for row in rows}


def test_overdue_it_holds_and_the_reminder_climbs(cast, case, path, sign_in, later):
    bar(cast, sign_in(MANAGER), path)
    managers = {str(cast.user(name).pk) for name in (MANAGER, "second-manager")}
    auditors = {str(cast.user("auditor").pk)}
    with later(days=182):  # 1 September: the day itself is in time.
        find_due()
        assert told() == set()
        assert "Overdue for review" not in sign_in(MANAGER).get("/").content.decode()
    with later(days=183):
        find_due()
        assert told() == managers
        page = sign_in(MANAGER).get("/").content.decode()
        assert "Overdue for review" in page
        assert "it holds until somebody lifts it" in page
        assert sees(cast, "colleague", case.person) == set()
    with later(days=189):
        find_due()
        assert told() == managers | auditors
    with later(days=196):
        find_due()
        assert told() == managers | auditors | {str(cast.user("lead-charity-administrator").pk)}


def test_a_review_dates_the_next_one_without_lifting_anything(cast, case, path, sign_in, later):
    browser = sign_in(MANAGER)
    bar(cast, browser, path)
    row = Bar.rows.get()
    with later(days=200):
        day = {"review_on_day": "1", "review_on_month": "3", "review_on_year": "2027"}
        browser = sign_in(MANAGER)
        browser.post(f"/protection/bar/{row.pk}/review/", day)
        row.refresh_from_db()
        assert row.review_on == date(2027, 3, 1)
        assert "Overdue" not in browser.get(path).content.decode()
        assert sees(cast, "colleague", case.person) == set()
