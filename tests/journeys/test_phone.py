"""The front-line worker on a phone: logging a contact, and words that are never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from access.context import transact
from agencies.models import Draft
from casework.models import Case, Intervention
from tests.factories.cast import Cast
from tests.journeys.asking import follow, heading, press, says, tick
from tests.journeys.conftest import sign_in_here

pytestmark = pytest.mark.journey
NOTE = "He rang the housing office himself."


@pytest.fixture
def case(cast: Cast) -> Case:
    with transact(cast.who("lead-worker"), route="test"):
        return cast.open_case()


@pytest.fixture
def phone(case, sign_in) -> Page:
    return sign_in("lead-worker", phone=True)


def open_the_form(page: Page) -> None:
    """Two taps from “my day”."""
    page.goto("/")
    page.get_by_role("button", name="Log a contact").tap()
    page.get_by_role("link", name="Kofi Mensah-Lowe").tap()
    heading(page, "Log a contact")


def type_the_note(page: Page, words: str = NOTE) -> None:
    page.get_by_label("What happened?").fill(words)


def answer_the_rest(page: Page) -> None:
    tick(page, "What was it about?", "Housing")
    page.get_by_label("What did you do?").select_option(label="Housing advice")


def status(page: Page):
    return page.locator("form[data-draft] [role=status]").first


def kept_on_the_phone(page: Page) -> int:
    return page.evaluate(
        """async () => {
          const db = await new Promise((yes, no) => {
            const asked = indexedDB.open('throughline')
            asked.onsuccess = () => yes(asked.result)
            asked.onerror = () => no(asked.error)
          })
          const count = await new Promise((yes) => {
            const asked = db.transaction('drafts').objectStore('drafts').count()
            asked.onsuccess = () => yes(asked.result)
          })
          db.close()
          return count
        }"""
    )


def test_a_contact_is_logged_two_taps_from_my_day(phone):
    open_the_form(phone)
    answer_the_rest(phone)
    type_the_note(phone)
    press(phone, "Save")
    heading(phone, "Kofi")
    says(phone, "Logged.")
    says(phone, NOTE)
    assert Intervention.rows.get().minutes == 60


def test_nothing_on_the_way_is_wider_than_the_phone(phone):
    for path in ("/", "/log/", "/people/", "/cases/", "/tasking/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_words_typed_without_a_connection_are_there_again(phone):
    open_the_form(phone)
    type_the_note(phone, "Before the tunnel.")
    expect(status(phone)).to_contain_text("Draft saved")
    phone.context.set_offline(True)
    type_the_note(phone)
    expect(status(phone)).to_contain_text("kept on this phone")
    form = phone.url
    phone.close()

    phone.context.set_offline(False)
    again = phone.context.new_page()
    again.goto(form)
    expect(again.get_by_label("What happened?")).to_have_value(NOTE)
    answer_the_rest(again)
    press(again, "Save")
    says(again, NOTE)
    expect(again.get_by_role("heading", level=1)).to_contain_text("Kofi")
    assert_no_draft_is_left(again)


def assert_no_draft_is_left(page: Page) -> None:
    """Neither on the server nor on the phone, and the empty form is empty."""
    page.wait_for_load_state("networkidle")
    assert kept_on_the_phone(page) == 0
    assert not Draft.objects.exists()
    open_the_form(page)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("What happened?")).to_have_value("")


def test_on_a_slow_line_an_early_tap_does_not_cost_the_draft(phone):
    open_the_form(phone)
    type_the_note(phone, "Long, and typed on the bus.")
    expect(status(phone)).to_contain_text("Draft saved")
    held, waiting = [], [True]
    phone.route("**/drafts/**", lambda route: held.append(route) if waiting else route.continue_())
    phone.reload()
    tick(phone, "What was it about?", "Housing")
    # Whatever was sent before this has been held by now.
    phone.evaluate("fetch('/health/')")
    assert [route.request.method for route in held] == ["GET"], "nothing is sent over the draft"
    waiting.clear()
    held[0].continue_()
    expect(phone.get_by_label("What happened?")).to_have_value("Long, and typed on the bus.")
    expect(phone.get_by_label("Housing", exact=True)).to_be_checked()
    expect(status(phone)).to_contain_text("Draft saved")
    phone.reload()
    expect(phone.get_by_label("What happened?")).to_have_value("Long, and typed on the bus.")
    expect(phone.get_by_label("Housing", exact=True)).to_be_checked()


def test_a_draft_can_be_thrown_away(phone):
    open_the_form(phone)
    type_the_note(phone, "About somebody else.")
    tick(phone, "What was it about?", "Housing")
    expect(status(phone)).to_contain_text("Draft saved")
    phone.reload()
    says(phone, "What you typed on")
    phone.get_by_role("button", name="Start afresh").tap()
    expect(phone.get_by_label("What happened?")).to_have_value("")
    expect(phone.get_by_label("Housing", exact=True)).not_to_be_checked()
    assert not Draft.objects.exists()


def test_a_session_that_ended_gives_the_words_back_after_signing_in(phone):
    open_the_form(phone)
    phone.wait_for_load_state("networkidle")
    Session.objects.all().delete()
    type_the_note(phone)
    expect(status(phone)).to_contain_text("You are signed out: kept on this phone")
    phone.reload()
    heading(phone, "Sign in")
    sign_in_here(phone, "lead-worker")
    heading(phone, "Log a contact")
    expect(phone.get_by_label("What happened?")).to_have_value(NOTE)
    answer_the_rest(phone)
    press(phone, "Save")
    says(phone, NOTE)
    assert_no_draft_is_left(phone)


def test_sending_the_form_without_a_connection_loses_nothing(phone):
    open_the_form(phone)
    answer_the_rest(phone)
    type_the_note(phone)
    expect(status(phone)).to_contain_text("Draft saved")
    form = phone.url
    phone.context.set_offline(True)
    # Only once the sending has failed is the connection back.
    with phone.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        phone.get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
    phone.context.set_offline(False)
    phone.goto(form)
    expect(phone.get_by_label("What happened?")).to_have_value(NOTE)
    expect(phone.get_by_label("Housing", exact=True)).to_be_checked()


def test_the_menu_opens_on_the_phone(phone):
    phone.get_by_role("button", name="Menu").tap()
    follow(phone, "People")
    heading(phone, "People")


def test_what_was_logged_is_dated_as_it_was_said(phone):
    open_the_form(phone)
    answer_the_rest(phone)
    press(phone, "Save")
    heading(phone, "Kofi")
    row = Intervention.rows.get()
    assert timedelta(minutes=55) <= row.logged_at - row.at <= timedelta(minutes=80)
