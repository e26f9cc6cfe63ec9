"""Who may sign in at all."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser


class SignInBackend(AuthenticationBackend):
    """allauth's backend, without demo users outside a demo.

    It is asked at sign-in and again at every request, so an account that may no longer
    sign in has no session either.
    """

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Whether the account is active and, if made by load_demo, this is a demo."""
        if getattr(user, "is_demo", False) and not (settings.DEMO or settings.DEBUG):
            return False
        allowed: bool = super().user_can_authenticate(user)
        return allowed
