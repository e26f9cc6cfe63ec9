"""Several managers at the same moment: exactly one assigns the lead, the others are told."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests

from access.context import transact
from access.roles import Role
from casework.models import Case, LeadPeriod
from tests.factories.cast import OPERATOR, PASSWORD, Cast

pytestmark = pytest.mark.journey
MOST = 8


@pytest.fixture
def managers(cast: Cast) -> list[str]:
    names = [f"manager-{number}" for number in range(MOST)]
    with transact(OPERATOR, route="test"):
        for name in names:
            cast.hire(name, "lead-charity", Role.MANAGER)
    return names


@pytest.fixture
def case(cast: Cast) -> Case:
    with transact(OPERATOR, route="test"):
        return cast.open_case(led_by="")


class Browser:
    """A signed-in session without a screen."""

    def __init__(self, url: str, username: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.headers["User-Agent"] = "Mozilla/5.0"
        self.post("/sign-in/", login=username, password=PASSWORD)

    def post(self, path: str, **said: str) -> requests.Response:
        page = self.session.get(self.url + path, timeout=60)
        return self.send(path, token_of(page), **said)

    def send(self, path: str, token: str, **said: str) -> requests.Response:
        return self.session.post(
            self.url + path,
            data={"csrfmiddlewaretoken": token, **said},
            headers={"Referer": self.url + path},
            timeout=60,
            allow_redirects=False,
        )


def token_of(page: requests.Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def all_at_once(browsers: list[Browser], path: str, **said: str) -> list[requests.Response]:
    """Everybody has the form open; then everybody presses the button."""
    tokens = [token_of(one.session.get(one.url + path, timeout=60)) for one in browsers]
    ready = Barrier(len(browsers))

    def press(browser: Browser, token: str) -> requests.Response:
        ready.wait()
        return browser.send(path, token, **said)

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(press, browsers, tokens))


def test_a_manager_who_comes_just_too_late_is_told_so_whomever_they_chose(
    cast: Cast, case: Case, managers: list[str], live_server: Any, answered: None
) -> None:
    first, second = (Browser(live_server.url, name) for name in managers[:2])
    path, worker = f"/cases/{case.reference}/lead/", str(cast.user("lead-worker").pk)
    tokens = [token_of(one.session.get(one.url + path, timeout=60)) for one in (first, second)]
    assert first.send(path, tokens[0], worker=worker).status_code == 302
    late = second.send(path, tokens[1], worker=worker)
    assert late.status_code == 409
    assert "See how it is now" in late.text


@pytest.mark.parametrize("how_many", [2, 3, 5, 8])
def test_exactly_one_manager_assigns_the_lead(
    how_many: int,
    cast: Cast,
    case: Case,
    managers: list[str],
    live_server: Any,
    answered: None,
) -> None:
    browsers = [Browser(live_server.url, name) for name in managers[:how_many]]
    worker = str(cast.user("lead-worker").pk)
    answers = all_at_once(browsers, f"/cases/{case.reference}/lead/", worker=worker)
    assert sorted(answer.status_code for answer in answers) == [302, *[409] * (how_many - 1)]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert "See how it is now" in told.text
    assert LeadPeriod.rows.filter(case=case, ends=None).count() == 1
