"""“Tell the lead now”, by somebody who sees no more than the card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from access.context import transact
from casework.models import Case
from tests.factories.cast import OPERATOR, Cast
from tests.journeys.asking import does_not_say, heading, press, says

pytestmark = pytest.mark.journey
MESSAGE = "He is at the library and asks for you."


@pytest.fixture
def case(cast: Cast) -> Case:
    with transact(OPERATOR, route="test"):
        made = cast.open_case()
        cast.add_goal(made, "housing", "A room of my own")
        return made


def tell(page: Page, reference: str) -> None:
    page.goto(f"/people/{reference}/")
    does_not_say(page, "A room of my own")
    page.get_by_role("button", name="Tell the lead now").tap()
    page.get_by_label("What does the lead worker need to know now?").fill(MESSAGE)
    page.get_by_label("Where can they reach you?").fill("020 7946 0123")
    press(page, "Send")
    heading(page, "Kofi")
    says(page, "Sent.")


def test_a_colleague_tells_and_sees_when_it_was_seen(
    case: Case, sign_in: Callable[..., Page]
) -> None:
    colleague = sign_in("colleague", phone=True)
    tell(colleague, case.person.reference)
    colleague.goto("/")
    says(colleague, "not seen yet (lead worker)")

    lead = sign_in("lead-worker", phone=True)
    says(lead, MESSAGE)
    says(lead, "call back 020 7946 0123")
    press(lead, "I have seen this about Kofi Mensah-Lowe")
    heading(lead, "Needs you now")
    says(lead, "Nothing needs you now.")
    # Whoever has seen it still has to ring back.
    expect(lead.get_by_role("link", name="020 7946 0123")).to_be_visible()
    lead.goto("/")
    expect(lead.get_by_text(MESSAGE)).to_have_count(0)

    colleague.reload()
    says(colleague, "by Lead Worker")
    colleague.goto(f"/people/{case.person.reference}/")
    does_not_say(colleague, "A room of my own")
