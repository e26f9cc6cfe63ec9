"""A second factor is required of everybody but demo users in a demo."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import get_resolver

from access.actor import NotAllowed
from access.roles import Role
from agencies.actions import account
from agencies.models import User
from core.models import OutboxMessage
from tests.agencies.conftest import PASSWORD, SECRET, add_app, app_code, is_signed_in

OPEN = {
    "account",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "keep_alive",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "second_factor",
    "usersessions_list",
}
"""The pages that a user without a second factor may open: their own account, nothing else."""


def patterns(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry)
        else:
            yield entry


def test_without_one_every_other_page_leads_to_setting_one_up(world, sign_in):
    world.hat(demo=False)
    client = sign_in()
    for path in ("/notices/", "/working-as/", "/drafts/a/"):
        response = client.get(path)
        assert (response.status_code, response.url) == (302, "/account/second-factor/")
    assert "Add a second step" in client.get("/account/second-factor/").content.decode()


def test_without_one_nothing_is_written_either(world, sign_in):
    hat = world.hat(demo=False)
    client = sign_in()
    assert client.post("/drafts/a/", {"words": "x"}).status_code == 302
    assert not hat.drafts.exists()


def test_the_pages_open_without_one_are_these_and_no_more():
    found = {
        entry.name for entry in patterns() if getattr(entry.callback, "before_second_factor", False)
    }
    assert found == OPEN


def test_those_pages_do_open_without_one(world, sign_in):
    world.hat(demo=False)
    client = sign_in()
    for path in ("/account/", "/account/factors/", "/account/sessions/", "/account/password/"):
        assert client.get(path).status_code == 200
    response = client.get("/account/factors/app/")
    assert response.url.startswith("/account/confirm-it-is-you/")


def test_with_an_app_the_password_alone_opens_no_session(world, client):
    world.hat(demo=False)
    add_app(world.user())
    response = client.post("/sign-in/", {"login": "ann", "password": PASSWORD})
    assert response.url == "/sign-in/second-factor/"
    assert not is_signed_in(client)
    assert client.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)


def test_with_an_app_the_code_opens_everything(world, sign_in):
    world.hat(demo=False)
    add_app(world.user())
    client = sign_in()
    assert client.post("/sign-in/second-factor/", {"code": app_code()}).status_code == 302
    assert client.get("/notices/").status_code == 200


def test_a_code_works_once(world, sign_in):
    world.hat(demo=False)
    add_app(world.user())
    code = app_code()
    sign_in().post("/sign-in/second-factor/", {"code": code})
    second = sign_in()
    second.post("/sign-in/second-factor/", {"code": code})
    assert not is_signed_in(second)


def test_a_recovery_code_works_once(world, sign_in):
    world.hat(demo=False)
    add_app(world.user())
    code = RecoveryCodes.activate(world.user()).get_unused_codes()[0]
    for opened in (True, False):
        client = sign_in()
        client.post("/sign-in/second-factor/", {"code": code})
        assert is_signed_in(client) is opened


def test_guessing_codes_is_stopped(world, sign_in, settings):
    world.hat(demo=False)
    add_app(world.user())
    client = sign_in()
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    for _ in range(3):
        client.post("/sign-in/second-factor/", {"code": "000000"})
    response = client.post("/sign-in/second-factor/", {"code": app_code()})
    assert "Too many tries" in response.content.decode()
    assert not is_signed_in(client)


def test_one_can_stop_half_way_and_start_again(world, sign_in):
    world.hat(demo=False)
    add_app(world.user())
    client = sign_in()
    assert client.post("/sign-in/stop/").url == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    assert client.get("/sign-in/second-factor/").url == "/sign-in/"


def test_recovery_codes_alone_are_no_second_factor(world, sign_in):
    world.hat(demo=False)
    RecoveryCodes.activate(world.user())
    assert sign_in().get("/notices/").url == "/account/second-factor/"


def test_demo_users_in_a_demo_need_none(world, sign_in):
    world.hat(demo=True)
    assert sign_in().get("/notices/").status_code == 200


def test_demo_users_need_one_when_the_demo_asks_for_it(world, sign_in, settings):
    settings.DEMO_MFA = True
    world.hat(demo=True)
    assert sign_in().get("/notices/").url == "/account/second-factor/"


def test_others_need_one_in_a_demo_too(world, sign_in):
    world.hat(demo=False)
    assert sign_in().get("/notices/").url == "/account/second-factor/"


def test_an_administrator_helps_a_colleague_who_lost_the_phone(world, sign_in):
    world.hat("ann", demo=False)
    add_app(world.user())
    client = sign_in()
    client.post("/sign-in/second-factor/", {"code": app_code()})
    helper = world.member("bea", "lead-charity", Role.ADMINISTRATOR)
    account.remove_factors(user=world.user("ann"), by=helper)
    assert not is_signed_in(client)
    assert sign_in().get("/notices/").url == "/account/second-factor/"
    [told] = OutboxMessage.objects.filter(task="agencies.tell_account_changed")
    assert told.arguments["user_id"] == str(world.user("ann").pk)


def test_nobody_else_takes_a_second_factor_away(world):
    world.hat("ann", demo=False)
    add_app(world.user())
    others = (
        world.member("bea", "lead-charity", Role.MANAGER),
        world.member("cas", "borough-unit", Role.ADMINISTRATOR),
        world.member("ann", "lead-charity", Role.ADMINISTRATOR),
    )
    for by in others:
        with pytest.raises(NotAllowed):
            account.remove_factors(user=world.user("ann"), by=by)
    assert Authenticator.objects.exists()


@pytest.fixture
def set_up(world, sign_in):
    """Somebody who has signed in and confirmed that it is them."""
    world.hat(demo=False)
    client = sign_in()
    client.post("/account/confirm-it-is-you/", {"password": PASSWORD})
    return client


def test_an_app_is_added_with_its_first_code(set_up, django_capture_on_commit_callbacks):
    page = set_up.get("/account/factors/app/").content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    session = set_up.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        response = set_up.post("/account/factors/app/", {"code": app_code()})
    assert response.url == "/account/factors/codes/"
    page = set_up.get(response.url).content.decode()
    assert page.count("<li><code>") == 10
    assert set_up.get("/notices/").status_code == 200


def test_a_wrong_first_code_adds_no_app(set_up):
    set_up.get("/account/factors/app/")
    response = set_up.post("/account/factors/app/", {"code": "000000"})
    assert "was not recognised" in response.content.decode()
    assert not Authenticator.objects.exists()


def test_a_forgotten_password_does_not_stop_anybody_from_adding_an_app(set_up):
    from agencies.tasks import send_reset_link

    # allauth notes the address as not verified when it makes a link.
    send_reset_link(user_id=str(User.objects.get().pk))
    assert set_up.get("/account/factors/app/").status_code == 200


def test_the_key_of_an_app_is_kept_encrypted(world):
    add_app(world.user())
    stored = Authenticator.objects.get().data["secret"]
    assert SECRET not in stored


def test_removing_the_only_one_asks_for_another(set_up):
    add_app(User.objects.get())
    assert set_up.get("/account/factors/app/remove/").status_code == 200
    set_up.post("/account/factors/app/remove/")
    assert set_up.get("/notices/").url == "/account/second-factor/"


def test_nobody_removes_or_renames_the_passkey_of_another(set_up, world):
    other = Authenticator.objects.create(
        user=world.user("bea"), type="webauthn", data={"name": "Bea's", "credential": {}}
    )
    for verb in ("remove", "edit"):
        path = f"/account/factors/passkeys/{other.pk}/{verb}/"
        assert set_up.get(path).status_code == 404
        assert set_up.post(path, {"name": "Mine"}).status_code == 404
    other.refresh_from_db()
    assert other.data["name"] == "Bea's"
