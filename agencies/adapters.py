"""How allauth behaves here."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from agencies.actions import account
from agencies.addresses import is_ours
from agencies.models import User
from agencies.sealing import fernet

NOT_RIGHT = "The user name, email address or password is not right"

# What allauth reports and is worth saying; the rest ("signed in as …") is chatter.
REPORTS: dict[str, str] = {
    "account/messages/password_changed.txt": "Your password has been changed",
    "mfa/messages/totp_activated.txt": "The authenticator app has been added",
    "mfa/messages/totp_deactivated.txt": "The authenticator app has been removed",
    "mfa/messages/webauthn_added.txt": "The passkey has been added",
    "mfa/messages/webauthn_removed.txt": "The passkey has been removed",
    "usersessions/messages/sessions_logged_out.txt": "Signed out there",
}

WAYS: dict[str, str] = {
    "reauthenticate": "Your password",
    "mfa_reauthenticate": "A code from your app, or a recovery code",
    "mfa_reauthenticate:webauthn": "A passkey",
}
"""The ways to confirm that it is you."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators, and a refusal never says why."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NOT_RIGHT,
        "email_password_mismatch": NOT_RIGHT,
        "account_inactive": NOT_RIGHT,
        "invalid_login": NOT_RIGHT,
        "too_many_login_attempts": "Too many tries. Wait 5 minutes, then try again",
        "rate_limited": "Too many tries. Wait 5 minutes, then try again",
        "incorrect_password": "The password is not right",
        "enter_current_password": "The password that you use now is not right",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether `next` may name this address."""
        return is_ours(url)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user with these credentials, who may sign in.

        allauth would go on with a user who is inactive, to say so on a page of its own.
        That would confirm the password to whoever guessed it; here it is one refusal like
        any other, and counts towards the limit like any other.
        """
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if not isinstance(user, User):
            self.authentication_failed(request, **credentials)
            return None
        self._rollback_login_failed_rl_usage()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write the refusal down. The same queries run whether or not there is an account."""
        named = get_user_by_username(credentials.get("username", ""))
        mailed = filter_users_by_email(credentials.get("email", ""))
        account.refused(user=named or next(iter(mailed), None))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Write down that a session began, then go on."""
        account.signed_in(user=user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Back to the sign-in page, also for somebody who stops half-way through it."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account, which says that it has been done."""
        return reverse("account")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what has been done or has failed, without chatter."""
        words = message or REPORTS.get(message_template or "")
        if words:
            level = messages.SUCCESS if not message else level
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """The ways in which this user can confirm that it is them, in plain words."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS[way["id"]]} for way in ways]

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Write the change down and have its owner told, in the background."""
        account.changed(user=user, change=template_prefix.rpartition("/")[2])


class MFAAdapter(DefaultMFAAdapter):
    """Second factors are kept encrypted, and named in plain words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That was not recognised. Try again, with a new code if you use an app",
        "cannot_generate_recovery_codes": "Add an authenticator app or a passkey first",
        "cannot_delete_authenticator": "This can’t be removed",
    }

    def encrypt(self, text: str) -> str:
        """The secret as stored."""
        box: Fernet = fernet("second factor")
        return box.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as used."""
        return fernet("second factor").decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an element of the page: our policy allows no data: images."""
        drawn: str = super().build_totp_svg(url)
        return re.sub(r"^<\?xml[^>]*\?>\s*", "", drawn)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A first name for a passkey, until its owner thinks of a better one."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a device shows beside the passkey: the product's name, not its host."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Throughline"}
