"""Sign-in forms."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as BaseReauthenticateForm


class SignInForm(LoginForm):
    """User name or e-mail address, and password. Never “remember me”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = "User name or email address"
        self.fields["login"].widget.attrs = {"autocomplete": "username webauthn"}
        self.fields["password"].label = "Password"
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


class ReauthenticateForm(BaseReauthenticateForm):
    """The password once more, before something sensitive is shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Your password"
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
