"""Who calls: a token of one membership, never a session."""

from __future__ import annotations

from typing import Any

from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from access.actor import Member
from access.roles import Role
from agencies.models import ApiToken, Membership
from core.periods import live


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`; the request's `auth` is the token."""


def member_of(token: Any) -> Member | None:
    """The member for whom a token speaks; none when the membership is not live."""
    if not isinstance(token, ApiToken):
        return None
    membership = (
        Membership.objects.live()
        .filter(
            live(prefix="user__activities__"),
            live(prefix="agency__activities__"),
            pk=token.membership_id,
        )
        .first()
    )
    if membership is None:
        return None
    return Member(
        user_id=membership.user_id,
        membership_id=membership.pk,
        agency_id=membership.agency_id,
        role=Role(membership.role),
        token=True,
    )


class IsMember(BasePermission):
    """Lets through calls whose token belongs to a live membership, and no others."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the token's membership is live."""
        return member_of(request.auth) is not None


class MemberThrottle(SimpleRateThrottle):
    """A limit for each membership."""

    scope = "member"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """The key under which the calls of this membership are counted."""
        token = request.auth
        if not isinstance(token, ApiToken):
            return None
        return f"throttle:{self.scope}:{token.membership_id}"
