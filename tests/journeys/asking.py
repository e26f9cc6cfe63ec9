"""Reading and filling in pages as people do: by what is written on them."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import PATIENCE

expect.set_options(timeout=PATIENCE)


def question(page: Page, legend: str) -> Locator:
    """The group of answers under a question."""
    return page.get_by_role("group", name=legend)


def tick(page: Page, legend: str, *answers: str) -> None:
    """Choose answers of a question."""
    for answer in answers:
        question(page, legend).get_by_label(answer, exact=True).check()


def answer_date(page: Page, legend: str, day: date) -> None:
    """Fill in the three boxes of a date."""
    boxes = question(page, legend)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label, exact=True).fill(str(number))


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow a link."""
    page.get_by_role("link", name=name, exact=True).first.click()


def heading(page: Page, words: str) -> None:
    """Wait for the page with this heading."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def says(page: Page, words: str) -> None:
    """Wait until the page says this."""
    expect(page.locator("main")).to_contain_text(words)


def does_not_say(page: Page, words: str) -> None:
    """The page, which is there already, does not say this."""
    expect(page.locator("main")).not_to_contain_text(words)
