"""Addresses of second factors: allauth's own pages, open before there is one."""

from __future__ import annotations

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from agencies import forms
from agencies.views.account import own

urlpatterns = [
    path("", own(base.index), name="mfa_index"),
    path(
        "confirm/",
        own(base.ReauthenticateView.as_view(form_class=forms.ConfirmByCodeForm)),
        name="mfa_reauthenticate",
    ),
    path(
        "app/",
        own(totp.ActivateTOTPView.as_view(form_class=forms.AddAppForm)),
        name="mfa_activate_totp",
    ),
    path("app/remove/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", own(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes/new/",
        own(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        own(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path(
        "passkeys/add/",
        own(webauthn.AddWebAuthnView.as_view(form_class=forms.AddPasskeyForm)),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/confirm/",
        own(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/remove/", own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path(
        "passkeys/<int:pk>/edit/",
        own(webauthn.EditWebAuthnView.as_view(form_class=forms.RenamePasskeyForm)),
        name="mfa_edit_webauthn",
    ),
]
