"""Addresses of this room: signing in and out, the account, the hat, the rota, notices, drafts."""

from __future__ import annotations

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.webauthn import views as webauthn_views
from django.urls import include, path, re_path

from agencies import forms
from agencies.views import account, draft, rota, session
from agencies.views.account import own

urlpatterns = [
    # Without a session: all under /sign-in/.
    path("sign-in/", account_views.login, name="account_login"),
    path(
        "sign-in/second-factor/",
        mfa_views.AuthenticateView.as_view(form_class=forms.SecondFactorForm),
        name="mfa_authenticate",
    ),
    path("sign-in/passkey/", webauthn_views.login_webauthn, name="mfa_login_webauthn"),
    # Out of the second factor again: there is no session yet that could be signed out of.
    path("sign-in/stop/", account_views.logout, name="stop_signing_in"),
    path("sign-in/inactive/", account_views.account_inactive, name="account_inactive"),
    path(
        "sign-in/forgotten/",
        account_views.PasswordResetView.as_view(form_class=forms.ForgottenPasswordForm),
        name="account_reset_password",
    ),
    path(
        "sign-in/forgotten/sent/",
        account_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^sign-in/forgotten/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.PasswordResetFromKeyView.as_view(form_class=forms.NewPasswordForm),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/forgotten/done/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # With a session.
    path("sign-out/", own(account_views.LogoutView.as_view()), name="account_logout"),
    path("account/", account.account, name="account"),
    path("account/second-factor/", account.second_factor, name="second_factor"),
    path(
        "account/password/",
        own(account.ChangePassword.as_view()),
        name="account_change_password",
    ),
    path(
        "account/confirm-it-is-you/",
        own(account_views.reauthenticate),
        name="account_reauthenticate",
    ),
    path("account/factors/", include("agencies.factor_urls")),
    path("account/sessions/", own(session.Sessions.as_view()), name="usersessions_list"),
    path("session/keep-alive/", account.keep_alive, name="keep_alive"),
    path("duty/", rota.show, name="duty"),
    path("duty/new/", rota.publish, name="publish_shift"),
    path("duty/<uuid:key>/take-back/", rota.withdraw, name="withdraw_shift"),
    path("working-as/", account.working_as, name="working_as"),
    path("notices/", account.notices, name="notices"),
    path("notices/<uuid:notice_id>/", account.open_notice, name="open_notice"),
    re_path(r"^drafts/(?P<key>[A-Za-z0-9_-]{1,120})/$", draft.draft, name="draft"),
]
