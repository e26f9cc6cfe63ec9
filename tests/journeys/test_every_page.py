"""Every page of the three people whom the product is for, on a phone and at a desk.

Held against axe, against reaching out to other hosts, against size and against scrolling
sideways. The pages are listed here and nowhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import DESK, PHONE
from tests.journeys.lived_in import LivedIn

pytestmark = pytest.mark.journey

LARGEST = 60 * 1024
"""Bytes of HTML that a page may have."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PUBLIC = ["/sign-in/", "/link/about-me/", "/refer/", "/refer/thank-you/", "/nowhere/"]
PAGES = {
    "lead-worker": [
        "/",
        "/people/",
        "/people/?q=nobody",
        "/people/{person}/",
        "/people/{person}/plan/",
        "/people/{person}/plan/print/",
        "/people/{person}/plan/goals/",
        "/people/{person}/plan/to-do/",
        "/people/{person}/plan/agreed/",
        "/people/{person}/plan/review/",
        "/people/{person}/timeline/",
        "/people/{person}/sharing/",
        "/people/{person}/sharing/consent/",
        "/people/{person}/sharing/decision/",
        "/people/{person}/sharing/partners/",
        "/people/{person}/about-me/",
        "/people/{person}/about-me/approved/",
        "/people/{person}/about-me/card/",
        "/people/{person}/about-me/print/",
        "/ring-me/",
        "/people/{person}/who-they-are/",
        "/people/{person}/identifiers/",
        "/people/{person}/contact/",
        "/people/{person}/family/",
        "/contact-points/{contact}/",
        "/contact-points/{contact}/end/",
        "/relatives/{relative}/",
        "/relatives/{relative}/end/",
        "/people/{person}/safety/",
        "/people/{person}/events/",
        "/people/{person}/tell-the-lead/",
        "/consents/{consent}/withdraw/",
        "/consents/{consent}/receipt/",
        "/goals/{goal}/rating/",
        "/goals/{goal}/words/",
        "/log/",
        "/log/{person}/",
        "/interventions/{intervention}/",
        "/interventions/{intervention}/words/",
        "/tasks/{task-lead-worker}/",
        "/cases/",
        "/cases/{case}/",
        "/cases/{case}/step-down/",
        "/referrals/",
        "/referrals/new/",
        "/tasking/",
        "/tasking/today/",
        "/alerts/",
        "/duty/",
        "/directory/",
        "/directory/{service}/",
        "/notices/",
        "/account/",
        "/working-as/",
    ],
    "charity-manager": [
        "/",
        "/workload/",
        "/people/",
        "/people/{person}/",
        "/people/{person}/task/",
        "/tasks/{task-lead-worker}/change/",
        "/cases/",
        "/cases/{case}/",
        "/cases/{case}/lead/",
        "/cases/{case}/team/",
        "/cases/{case}/cover/",
        "/cases/{case}/close/",
        "/cases/{case}/step-down/decision/",
        "/cases/{unled}/lead/",
        "/people/{person}/protection/",
        "/people/{person}/protection/bar/",
        "/people/{person}/sharing/on-a-day/",
        "/sharing-decisions/{decision}/approve/",
        "/referrals/",
        "/referrals/{referral}/",
        "/referrals/{referral}/accept/",
        "/referrals/{referral}/decline/",
        "/tasking/",
        "/tasking/today/",
        "/tasking/today/present/",
        "/duty/",
        "/duty/new/",
        "/directory/",
    ],
    "unit-worker": [
        "/",
        "/people/",
        "/people/{person}/",
        "/people/{person}/plan/",
        "/people/{person}/timeline/",
        "/people/{person}/sharing/",
        "/tasks/{task-unit-worker}/",
        "/tasking/today/",
    ],
    "colleague": ["/", "/people/{person}/", "/people/{person}/tell-the-lead/"],
    "auditor": [
        "/",
        "/oversight/",
        "/oversight/consents/",
        "/oversight/consents/{consent}/",
        "/oversight/decisions/",
        "/oversight/decisions/{decision}/",
        "/oversight/reads/",
        "/oversight/events/",
        "/oversight/people/{person}/",
        "/oversight/people/{person}/viewers/",
        "/oversight/agreements/",
        "/oversight/emergency-access/",
        "/oversight/exports/",
        "/oversight/matching/",
        "/oversight/samples/",
        "/oversight/causes/",
        "/oversight/causes/new/",
        "/oversight/findings/",
        "/oversight/alerts/",
        "/oversight/summary/",
        "/directory/",
    ],
}
GONE = {"/nowhere/"}
"""Paths that are looked at for how they say no."""


class Inspector:
    """Looks at pages in one browser and collects what is wrong with them."""

    def __init__(self, page: Page, host: str) -> None:
        self.page, self.host = page, host
        self.axe = Axe()
        self.wrong: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))

    def _asked(self, request) -> None:
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.wrong.append(f"{self.page.url} asks {request.url}")

    def _said(self, message) -> None:
        if message.type == "error" and "404" not in message.text:
            self.wrong.append(f"{self.page.url} says {message.text}")

    def look(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        if answer.status != (404 if path in GONE else 200):
            self.wrong.append(f"{path} answers {answer.status}")
        size = len(answer.body())
        if size > LARGEST:
            self.wrong.append(f"{path} has {size} bytes")
        for viewport in (DESK, PHONE):
            self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
            self._measure(path, viewport["width"])

    def _measure(self, path: str, width: int) -> None:
        at = f"{path} at {width}"
        if self.page.evaluate("document.documentElement.scrollWidth") > width:
            self.wrong.append(f"{at} scrolls sideways")
        for found in self.axe.run(self.page, options=RULES).response["violations"]:
            where = "; ".join(node["html"][:160] for node in found["nodes"][:3])
            self.wrong.append(f"{at}: {found['impact']} {found['id']}: {where}")
        if pictures := os.environ.get("JOURNEY_PICTURES"):
            name = path.strip("/").replace("/", "_").replace("?", "_") or "home"
            self.page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)


def looked_at(page: Page, host: str, paths: list[str]) -> list[str]:
    inspector = Inspector(page, host)
    for path in paths:
        inspector.look(path)
    return inspector.wrong


@pytest.mark.parametrize("username", list(PAGES))
def test_every_page_is_for_everybody(
    username: str, world: LivedIn, sign_in: Callable[..., Page], live_server
) -> None:
    words = {**world.keys, "person": world.reference, "case": world.case.reference}
    paths = [path.format(**words) for path in PAGES[username]]
    assert looked_at(sign_in(username), live_server.url, paths) == []


def test_every_public_page_is_for_everybody(cast, open_browser, live_server) -> None:
    assert looked_at(open_browser(), live_server.url, PUBLIC) == []
