"""Who may sign in at all."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from agencies.models import User
from core.prepared import Prepared


def _user(user: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user)


_USER = Prepared(_user, user=UUID)


class SignInBackend(AuthenticationBackend):
    """allauth's backend, without demo users outside a demo.

    It is asked at sign-in and again at every request, so an account that may no longer
    sign in has no session either.
    """

    def get_user(self, user_id: UUID) -> User | None:
        """The account behind a session, while it may sign in: asked before every page."""
        for user in _USER.instances(user=UUID(str(user_id))):
            return user if self.user_can_authenticate(user) else None
        return None

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Whether the account is active and, if made by load_demo, this is a demo."""
        if getattr(user, "is_demo", False) and not (settings.DEMO or settings.DEBUG):
            return False
        allowed: bool = super().user_can_authenticate(user)
        return allowed
