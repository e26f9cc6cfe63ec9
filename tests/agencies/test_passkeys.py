"""Passkeys in a real browser, with a device that the browser itself plays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.agencies.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        not Path("/usr/bin/chromium").exists(), reason="NO BROWSER: passkeys were not tried"
    ),
]


class Desk:
    """Somebody in front of a browser whose device can make passkeys."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        # A passkey belongs to a name, never to a number.
        self.address = address.replace("127.0.0.1", "localhost")
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda said: self.faults.append(said.text) if "Content Security" in said.text else None,
        )
        self.device = page.context.new_cdp_session(page)
        self.device.send("WebAuthn.enable")
        self.identity = self.device.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )["authenticatorId"]

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self) -> None:
        self.go("/sign-in/?next=/account/")
        self.page.get_by_label("User name or email address").fill("ann")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_url(self.address + "/sign-in/")

    def add_passkey(self, *, alone: bool) -> None:
        self.go("/account/factors/passkeys/add/")
        self.page.get_by_label("Your password").fill(PASSWORD)
        self.page.get_by_role("button", name="Confirm").click()
        if alone:
            self.page.get_by_label("Sign in with it alone").check()
        self.page.get_by_role("button", name="Add the passkey").click()


@pytest.fixture
def desk(transactional_db: None, live_server: Any, page: Any) -> Any:
    World().hat(demo=False)
    desk = Desk(page, live_server.url)
    yield desk
    assert desk.faults == []


def test_a_passkey_is_the_second_step(desk):
    desk.sign_in()
    desk.add_passkey(alone=False)
    desk.page.wait_for_url(desk.address + "/account/factors/codes/")
    desk.sign_out()
    desk.sign_in()
    desk.page.get_by_role("button", name="Use a passkey").click()
    desk.page.wait_for_url(desk.address + "/account/")


def test_a_passkey_can_sign_in_alone(desk):
    desk.sign_in()
    desk.add_passkey(alone=True)
    desk.page.wait_for_url(desk.address + "/account/factors/codes/")
    desk.sign_out()
    desk.go("/sign-in/?next=/account/sessions/")
    desk.page.get_by_role("button", name="Sign in with a passkey").click()
    desk.page.wait_for_url(desk.address + "/account/sessions/")


def test_what_went_wrong_is_said_on_the_page(desk):
    desk.sign_in()
    desk.device.send(
        "WebAuthn.setUserVerified", {"authenticatorId": desk.identity, "isUserVerified": False}
    )
    desk.add_passkey(alone=True)
    desk.page.get_by_text("It was stopped, or took too long").wait_for()
    desk.go("/account/factors/passkeys/")
    assert "You have no passkey yet" in desk.page.content()
