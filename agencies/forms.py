"""The forms of signing in: allauth's, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django import forms
from django.http import HttpRequest

from agencies.actions import account
from agencies.models import Membership
from core.forms import GovukForm, GovukFormMixin, TextField

GOOD_PASSWORD = "At least 12 characters. Three or more unrelated words make a good one."  # noqa: S105
LONGEST_NAME = 60
"""Characters of a passkey's name."""
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class _Worded(forms.Form):
    """Gives fields that allauth has made our words: `{name: (label, hint)}`."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}
    attributes: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.words.items():
            self.fields[name].label = label
            self.fields[name].help_text = hint
        for name, attributes in self.attributes.items():
            self.fields[name].widget.attrs.update(attributes)


class _PlainForm(GovukFormMixin, _Worded):
    """The words first, then the error messages that are made of them."""


class SignInForm(_PlainForm, account_forms.LoginForm):
    """User name or e-mail address, and password. Never “remember me”."""

    words: ClassVar = {
        "login": ("User name or email address", ""),
        "password": ("Password", ""),
    }
    attributes: ClassVar = {
        "login": {
            "autocomplete": "username webauthn",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
    }


class ReauthenticateForm(_PlainForm, account_forms.ReauthenticateForm):
    """The password once more, before something sensitive is shown."""

    words: ClassVar = {"password": ("Your password", "")}


class ForgottenPasswordForm(_PlainForm, account_forms.ResetPasswordForm):
    """The address to which a link is sent, if there is an account with it."""

    words: ClassVar = {"email": ("Your work email address", "")}

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Promise the link; nothing is sent to an address that nobody has here."""
        account.forgot_password(users=self.users)
        email: str = self.cleaned_data["email"]
        return email


class NewPasswordForm(_PlainForm, account_forms.ResetPasswordKeyForm):
    """A new password, by a link that was sent."""

    words: ClassVar = {
        "password1": ("New password", GOOD_PASSWORD),
        "password2": ("New password again", ""),
    }


class ChangePasswordForm(_PlainForm, account_forms.ChangePasswordForm):
    """A new password, by somebody who knows the old one."""

    words: ClassVar = {
        "oldpassword": ("The password that you use now", ""),
        "password1": ("New password", GOOD_PASSWORD),
        "password2": ("New password again", ""),
    }


class SecondFactorForm(_PlainForm, factor_forms.AuthenticateForm):
    """A code, while signing in."""

    words: ClassVar = {"code": ("Code", "From your authenticator app, or one recovery code")}
    attributes: ClassVar = {"code": CODE}


class ConfirmByCodeForm(_PlainForm, factor_forms.ReauthenticateForm):
    """A code once more, before something sensitive is shown."""

    words = SecondFactorForm.words
    attributes: ClassVar = {"code": CODE}


class AddAppForm(_PlainForm, ActivateTOTPForm):
    """The first code of an authenticator app, which proves that it has the key."""

    words: ClassVar = {"code": ("Code", "The 6 numbers that the app shows now")}
    attributes: ClassVar = {"code": CODE}


class AddPasskeyForm(_PlainForm, passkey_forms.AddWebAuthnForm):
    """A new passkey or security key."""

    words: ClassVar = {
        "name": ("A name for it", "So that you know later which one it is, like “Work phone”"),
        "passwordless": (
            "Sign in with it alone, without a password",
            "Your device then asks for your fingerprint, face or PIN each time",
        ),
    }

    def clean_name(self) -> str:
        """The name, cut rather than refused: the device has made the passkey already."""
        name: str = super().clean_name()
        return name[:LONGEST_NAME]


class RenamePasskeyForm(_PlainForm, passkey_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    name = TextField(label="Name", help_text="Like “Work phone”", max_length=LONGEST_NAME)


class SessionsForm(ManageUserSessionsForm):
    """Ends one other session, or all of them."""

    session = forms.IntegerField(required=False)

    def save(self, request: HttpRequest) -> None:
        """End what was chosen. One's own current session is ended by signing out."""
        chosen = self.cleaned_data.get("session")
        if chosen is None:
            end_other_sessions(request, request.user)
            return
        found = UserSession.objects.filter(user_id=request.user.pk, pk=chosen).exclude(
            session_key=request.session.session_key
        )
        end_sessions(request, list(found))


class WorkingAsForm(GovukForm):
    """Which membership to work as: only one of those given can be chosen."""

    membership = forms.ChoiceField(label="What are you working as?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, hats: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hats = {str(hat.pk): hat for hat in hats}
        chosen = self.fields["membership"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            (key, f"{hat.get_role_display()}, {hat.agency.name}") for key, hat in self.hats.items()
        ]
        chosen.error_messages["required"] = "Choose what to work as"
        self.option_hints = {  # type: ignore[misc]
            "membership": {
                key: f"Seconded from {hat.home_agency.name}"
                for key, hat in self.hats.items()
                if hat.is_secondment and hat.home_agency
            }
        }

    @property
    def chosen(self) -> Membership:
        """The membership that was chosen, of a valid form."""
        return self.hats[self.cleaned_data["membership"]]
