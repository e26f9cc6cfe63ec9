"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.http import HttpRequest

from agencies.sealing import fernet


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators, not by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No chatter such as “signed in as …” on the page."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors are kept encrypted."""

    def encrypt(self, text: str) -> str:
        """The secret as stored."""
        box: Fernet = fernet("second factor")
        return box.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as used."""
        return fernet("second factor").decrypt(encrypted_text.encode()).decode()
