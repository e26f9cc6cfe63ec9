"""What is refused, and what is sent twice: nothing that was typed is lost or kept twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from access.context import transact
from casework.models import Case, Intervention
from core.clock import today
from referrals.models import Referral
from tests.factories.cast import OPERATOR, Cast
from tests.journeys.asking import follow, heading, press, says, tick

pytestmark = pytest.mark.journey


@pytest.fixture
def case(cast: Cast) -> Case:
    with transact(OPERATOR, route="test"):
        return cast.open_case()


def test_declining_without_another_place_is_refused_and_keeps_the_words(
    cast: Cast, sign_in: Callable[..., Page]
) -> None:
    with transact(OPERATOR, route="test"):
        waiting = cast.refer()
    page = sign_in("charity-manager")
    page.goto(f"/referrals/{waiting.reference}/decline/")
    tick(page, "Why is it declined?", "We have no capacity")
    page.get_by_label("Anything to add").fill("Full until January.")
    press(page, "Decline")
    says(page, "There is a problem")
    expect(page.get_by_label("Anything to add")).to_have_value("Full until January.")
    expect(page.get_by_label("We have no capacity")).to_be_checked()
    page.get_by_label("Or another place").fill("The unit in the next borough")
    page.get_by_label("Whom can they call?").fill("Sam, 020 7946 0777")
    press(page, "Decline")
    says(page, "Declined.")
    assert Referral.rows.get(pk=waiting.pk).state == "declined"


def test_a_stale_edit_says_who_changed_what_and_keeps_the_words(
    case: Case, sign_in: Callable[..., Page]
) -> None:
    first = sign_in("lead-worker")
    path = f"/people/{case.person.reference}/who-they-are/"
    first.goto(path)
    second = first.context.new_page()
    second.goto(path)
    change(second, "Pronouns", "he/him")
    heading(second, "Kofi")
    change(first, "What helps them", "Time to answer")
    says(first, "Lead Worker changed pronouns")
    expect(first.get_by_label("What helps them")).to_have_value("Time to answer")
    press(first, "Save")
    says(first, "Time to answer")


def change(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)
    tick(page, "Is an interpreter needed?", "No")
    press(page, "Save")


def test_the_log_form_sent_twice_logs_once(case: Case, sign_in: Callable[..., Page]) -> None:
    page = sign_in("lead-worker")
    page.goto(f"/log/{case.person.reference}/")
    tick(page, "What was it about?", "Housing")
    page.get_by_label("What did you do?").select_option(label="Housing advice")
    page.get_by_label("What happened?").fill("We looked at rooms.")
    again = page.locator("main form").evaluate(
        "async (form) => (await Promise.all([1, 2].map(() => fetch(form.action,"
        " { method: 'POST', body: new URLSearchParams(new FormData(form)) })"
        ".then(async (answer) => [answer.status, (await answer.text()).length > 0]))))"
        ".map(([status]) => status)"
    )
    assert again == [200, 200]
    press(page, "Save")
    heading(page, "Kofi")
    row = Intervention.rows.get()
    assert row.at.date() <= today()


def test_pressing_twice_logs_once(case: Case, sign_in: Callable[..., Page]) -> None:
    page = sign_in("lead-worker")
    page.goto(f"/log/{case.person.reference}/")
    tick(page, "What was it about?", "Housing")
    page.get_by_label("What did you do?").select_option(label="Housing advice")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    heading(page, "Kofi")
    follow(page, "Timeline")
    heading(page, "Timeline")
    assert Intervention.rows.count() == 1
