"""A form that the back button shows again makes something new, and the first stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from people.models import ContactPoint
from tests.journeys.asking import heading, press, says, tick
from tests.journeys.lived_in import LivedIn

pytestmark = pytest.mark.journey

SHOWN_AGAIN = "again => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: again }))"


def test_what_is_typed_after_going_back_is_added_too(
    world: LivedIn, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("lead-worker")
    page.goto(f"/people/{world.reference}/contact/")
    heading(page, "Add a way to make contact")
    key = page.locator("input[name=key]")
    first = key.input_value()
    page.evaluate(SHOWN_AGAIN, False)
    assert key.input_value() == first

    tick(page, "What is it?", "Phone")
    page.get_by_label("Number, address or name").fill("07700 900001")
    press(page, "Add")
    says(page, "07700 900001")

    page.go_back()
    heading(page, "Add a way to make contact")
    # As from the browser's memory, which not every browser keeps of such a page: with the old key.
    key.evaluate("(field, old) => { field.value = old }", first)
    page.evaluate(SHOWN_AGAIN, True)
    assert key.input_value() not in {first, ""}
    tick(page, "What is it?", "Phone")
    page.get_by_label("Number, address or name").fill("07700 900002")
    press(page, "Add")
    says(page, "07700 900002")
    says(page, "07700 900001")
    found = ContactPoint.rows.filter(person=world.case.person, value__startswith="07700 90000")
    assert found.count() == 2
