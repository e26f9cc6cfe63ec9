"""The auditor: who saw what, by reference, with no name and nothing that was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.asking import follow, heading, says
from tests.journeys.lived_in import LivedIn

pytestmark = pytest.mark.journey
NEVER = [
    "Kofi",
    "Mensah",
    "Abena",
    "A room of my own",
    "Draws trains",
    "bus garage",
    "We filled in the form",
    "asks for you",
    "To hold his place",
]
"""What is written in the world about the young person."""


def holds_nothing_written(page: Page) -> None:
    words = page.content()
    assert [one for one in NEVER if one in words] == []


def somebody_reads(page: Page, world: LivedIn) -> None:
    page.goto(f"/people/{world.reference}/")
    heading(page, "Kofi")


def test_the_auditor_follows_one_record(world: LivedIn, sign_in: Callable[..., Page]) -> None:
    somebody_reads(sign_in("unit-worker"), world)
    page = sign_in("auditor")
    page.goto("/oversight/")
    heading(page, "Oversight")
    holds_nothing_written(page)

    follow(page, "Consents")
    heading(page, "Consents")
    says(page, world.reference)
    holds_nothing_written(page)

    page.goto("/oversight/reads/")
    says(page, "Unit Worker")
    holds_nothing_written(page)
    filter_by_person(page, world.reference)
    says(page, "Unit Worker")

    follow(page, world.reference)
    heading(page, "Who looked and what was done")
    says(page, world.reference)
    says(page, "Unit Worker")
    holds_nothing_written(page)


def filter_by_person(page: Page, reference: str) -> None:
    page.get_by_label("Young person").fill(reference)
    page.get_by_role("button", name="Show these").click()
    page.wait_for_url(lambda url: reference in url)


def test_the_auditor_opens_no_page_of_a_person(
    world: LivedIn, sign_in: Callable[..., Page]
) -> None:
    page = sign_in("auditor")
    for path in (f"/people/{world.reference}/", f"/log/{world.reference}/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status in {403, 404}
        holds_nothing_written(page)
    expect(page.get_by_role("link", name="People", exact=True)).to_have_count(0)
