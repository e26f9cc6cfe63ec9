"""Addresses of this room: signing in and out, the account, the hat, notices."""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.webauthn import views as webauthn_views
from django.urls import include, path, re_path

from agencies.views import account
from agencies.views.account import before_hat, before_second_factor


def _own(view: account.View) -> account.View:
    """A page of the user's own account: open before a hat or a second factor."""
    return before_hat(before_second_factor(view))


urlpatterns = [
    # Without a session: all under /sign-in/.
    path("sign-in/", account_views.login, name="account_login"),
    path("sign-in/second-factor/", mfa_views.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/inactive/", account_views.account_inactive, name="account_inactive"),
    path("sign-in/forgotten/", account_views.password_reset, name="account_reset_password"),
    path(
        "sign-in/forgotten/sent/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^sign-in/forgotten/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/forgotten/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # With a session.
    path("sign-out/", _own(account_views.logout), name="account_logout"),
    path("account/", account.account, name="account"),
    path("account/second-factor/", account.second_factor, name="second_factor"),
    path("account/password/", _own(account_views.password_change), name="account_change_password"),
    path(
        "account/confirm-it-is-you/",
        _own(account_views.reauthenticate),
        name="account_reauthenticate",
    ),
    path("account/factors/", include("agencies.factor_urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("session/keep-alive/", account.keep_alive, name="keep_alive"),
    path("working-as/", account.working_as, name="working_as"),
    path("notices/", account.notices, name="notices"),
    path("notices/<uuid:notice_id>/", account.open_notice, name="open_notice"),
]
