"""Without a mouse: signing in, the skip link, and a contact logged from the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from access.context import transact
from casework.models import Case, Intervention, LeadPeriod
from core.long_choices import MOST_SHOWN
from tests.factories.cast import OPERATOR, PASSWORD, Cast
from tests.journeys.asking import heading, says

pytestmark = pytest.mark.journey


@pytest.fixture
def case(cast: Cast) -> Case:
    with transact(OPERATOR, route="test"):
        return cast.open_case()


def in_hand(page: Page) -> str:
    """What the keyboard is on: its label, or its words."""
    return page.evaluate(
        """() => {
          const on = document.activeElement
          const label = on.labels?.[0]?.innerText ?? on.innerText ?? ''
          const legend = on.closest('fieldset')?.querySelector('legend')?.innerText ?? ''
          return `${legend}|${label}`.trim()
        }"""
    )


def tab_to(page: Page, words: str, most: int = 60) -> None:
    """Press Tab until the keyboard is on this, which must be seen to be in hand."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in in_hand(page):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"“{words}” can't be reached by Tab: at “{in_hand(page)}”")


def sign_in_by_keyboard(page: Page, username: str = "lead-worker") -> None:
    page.goto("/")
    tab_to(page, "User name or email address")
    page.keyboard.type(username)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "My day")


def skip_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    assert "Skip to main content" in in_hand(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_contact_is_logged_from_the_keyboard(
    case: Case, open_browser: Callable[..., Page]
) -> None:
    page = open_browser()
    sign_in_by_keyboard(page)
    skip_to_the_content(page)
    tab_to(page, "Log a contact")
    page.keyboard.press("Enter")
    heading(page, "Who was it with?")
    skip_to_the_content(page)
    tab_to(page, "Kofi Mensah-Lowe")
    page.keyboard.press("Enter")
    heading(page, "Log a contact")
    skip_to_the_content(page)
    tab_to(page, "Did they come?|Came")
    page.keyboard.press("ArrowDown")
    tab_to(page, "What was it about?|Housing")
    page.keyboard.press("Space")
    tab_to(page, "What did you do?")
    page.keyboard.type("Housing advice")
    tab_to(page, "What happened?")
    page.keyboard.type("We looked at rooms.")
    expect(page.get_by_label("What happened?")).to_be_in_viewport()
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    says(page, "We looked at rooms.")
    row = Intervention.rows.get()
    assert (row.attendance, row.kind.name) == ("late", "Housing advice")


def test_what_is_in_hand_is_never_behind_the_buttons(
    case: Case, sign_in: Callable[..., Page]
) -> None:
    """The buttons that stay at the bottom of a phone cover no field that is being typed in."""
    page = sign_in("lead-worker", phone=True)
    page.goto(f"/log/{case.person.reference}/")
    skip_to_the_content(page)
    hidden = []
    for _ in range(60):
        page.keyboard.press("Tab")
        if "Save" in in_hand(page):
            break
        if page.evaluate(COVERED):
            hidden.append(in_hand(page))
    assert hidden == []


COVERED = """() => {
  const box = document.activeElement.getBoundingClientRect()
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  return Boolean(at?.closest('.tl-sticky')) && !document.activeElement.closest('.tl-sticky')
}"""


def test_a_lead_is_found_by_name_and_chosen_from_the_keyboard(
    case: Case, cast: Cast, open_browser: Callable[..., Page]
) -> None:
    with transact(OPERATOR, route="test"):
        for number in range(MOST_SHOWN):
            cast.hire(f"helper-{number}", "lead-charity")
    page = open_browser()
    sign_in_by_keyboard(page, "charity-manager")
    page.goto(f"/cases/{case.reference}/lead/")
    tab_to(page, "Who is the lead worker?")
    page.keyboard.type("helper 7")
    page.keyboard.press("Enter")
    heading(page, "Hand over the lead")
    says(page, "Choose whom you mean")
    tab_to(page, "Who is the lead worker?|Helper 7")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    says(page, "The lead worker is assigned.")
    with transact(OPERATOR, route="test"):
        leads = LeadPeriod.rows.live().get(case=case)
        assert leads.worker.username == "helper-7"
