"""The cast in a browser: the live server, in real time, and everybody's sign-in."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page

from access.context import transact
from tests.factories.cast import OPERATOR, PASSWORD, Cast, build_cast
from tests.journeys.lived_in import LivedIn, live_in

PATIENCE = 30_000
"""Milliseconds that a page may take on a machine with much else to do."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


CALLED: pytest.StashKey[pytest.TestReport] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[CALLED] = report
    return report


@pytest.fixture
def cast(transactional_db: Any) -> Cast:
    """The usual cast, now: the live server can't be taken to another time."""
    with transact(OPERATOR, route="test"):
        built = build_cast()
        built.agree("lead-charity", "borough-unit")
        return built


@pytest.fixture
def world(transactional_db: Any) -> LivedIn:
    """The usual cast after some weeks of work, with something on every page."""
    return live_in()


@pytest.fixture
def answered(transactional_db: Any) -> Iterator[None]:
    """At the end, wait for what is still being answered: then the database goes away."""
    changed, under_way = threading.Condition(), [0]

    def count(by: int) -> Callable[..., None]:
        def counted(**_: Any) -> None:
            with changed:
                under_way[0] += by
                changed.notify_all()

        return counted

    begun, ended = count(1), count(-1)
    request_started.connect(begun)
    request_finished.connect(ended)
    yield
    with changed:
        changed.wait_for(lambda: under_way[0] <= 0, timeout=10)
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


@pytest.fixture
def open_browser(
    browser: Browser, live_server: Any, answered: None, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """A browser of its own, as wide as a phone or a desk, with nobody signed in.

    Of a journey that failed it prints what was asked and answered last.
    """
    opened = []
    heard: deque[str] = deque(maxlen=60)

    def go(*, phone: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        opened.append(context)
        context.on("request", lambda asked: heard.append(f"-> {asked.method} {asked.url}"))
        context.on("response", lambda told: heard.append(f"<- {told.status} {told.url}"))
        context.on("requestfailed", lambda lost: heard.append(f"xx {lost.failure} {lost.url}"))
        context.on("console", lambda said: heard.append(f"   {said.text}"))
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE)
        return context.new_page()

    yield go
    report = request.node.stash.get(CALLED, None)
    if report is not None and report.failed:
        print("Asked and answered last:", *heard, sep="\n")
    for context in opened:
        context.close()


@pytest.fixture
def sign_in(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """A browser in which this user has signed in, at the page that opens their day."""

    def go(username: str, *, phone: bool = False) -> Page:
        page = open_browser(phone=phone)
        page.goto("/")
        sign_in_here(page, username)
        return page

    return go


def sign_in_here(page: Page, username: str) -> None:
    """Fill in the sign-in page that is open."""
    page.get_by_label("User name or email address").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
