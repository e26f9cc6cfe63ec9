"""Addresses of second factors: allauth's own pages, open before there is one."""

from __future__ import annotations

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from agencies.views.account import View, before_hat, before_second_factor


def _own(view: View) -> View:
    return before_hat(before_second_factor(view))


urlpatterns = [
    path("", _own(base.index), name="mfa_index"),
    path("confirm/", _own(base.reauthenticate), name="mfa_reauthenticate"),
    path("app/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", _own(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/new/",
        _own(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        _own(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", _own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", _own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/confirm/",
        _own(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/remove/", _own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", _own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
]
