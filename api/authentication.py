"""Who calls: a token of one membership; a session only where a browser reads about the API."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Q, QuerySet, Value
from knox.crypto import hash_token
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from access.actor import Member
from access.context import become_told, telling
from access.roles import Role
from agencies.models import ApiToken, User
from agencies.queries import HAT, hat_fields, learn
from api.throttling import COUNTED, counting
from core.clock import instant
from core.periods import live
from core.prepared import Prepared, Statement

if TYPE_CHECKING:
    # DRF's views import this module by the settings.
    from rest_framework.views import APIView

KEYWORD = "Token"
LONGEST_TOKEN = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`; the request's `auth` is the member for whom it speaks.

    Not knox's own: that one removes expired rows while it reads, and takes what is no
    text for a fault of ours. The tokens and their digests are knox's.
    """

    def authenticate(self, request: Request) -> tuple[User, Member] | None:
        """The token's user and member. Raises AuthenticationFailed for a token that is none."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD.lower().encode():
            return None
        if len(parts) != 2 or len(parts[1]) > LONGEST_TOKEN or not parts[1].isalnum():
            raise AuthenticationFailed
        found = _asked(hash_token(parts[1].decode("ascii")))
        if found is None:
            raise AuthenticationFailed
        membership_id, *rest = found
        user = User.from_db(DEFAULT_DB_ALIAS, _USER_FIELDS, rest[: len(_USER_FIELDS)])
        hat = rest[len(_USER_FIELDS) : _HAT_ENDS]
        request.calls = rest[_HAT_ENDS]  # type: ignore[attr-defined]
        # A token is never stepped up, whatever its user does elsewhere.
        member = Member(user.pk, membership_id, hat[1], Role(hat[3]), token=True)
        become_told(member)
        learn(member, hat)
        return user, member

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return KEYWORD


class SessionAuthentication(BaseAuthentication):
    """Somebody signed in to the pages: for reading the API's description, nothing else."""

    def authenticate(self, request: Request) -> tuple[User, Member] | None:
        """The user and the member as whom the session works, if there is one."""
        actor = getattr(request._request, "actor", None)
        user = getattr(request._request, "user", None)
        if isinstance(actor, Member) and isinstance(user, User):
            # Pages are not counted.
            request.calls = 0  # type: ignore[attr-defined]
            return user, actor
        return None

    def authenticate_header(self, request: Request) -> str:
        """A token would do as well."""
        return KEYWORD


class IsMember(BasePermission):
    """Lets through calls that speak for a live membership, and no others."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether somebody was found behind the call."""
        return isinstance(request.auth, Member)


def _live_token(digest: str, at: datetime) -> QuerySet[ApiToken, tuple[Any, ...]]:
    """The token, if it, its membership, its user and its agency all hold now: one query."""
    *columns, user_active, agency_active, on_duty = hat_fields(at, "membership__")
    return ApiToken.objects.filter(
        Q(expiry=None) | Q(expiry__gt=at),
        live(at, "membership__"),
        user_active,
        agency_active,
        digest=digest,
        user_id=F("membership__user_id"),
        user__is_active=True,
    ).values_list(
        "membership_id",
        *(f"user__{name}" for name in _USER_FIELDS),
        *columns,
        # Both were asked for.
        Value(True),
        Value(True),
        on_duty,
    )


_UNREAD = {"password", "email", "last_login", "date_joined"}
"""Of no use to a call, and read at each; whoever names one has it looked up."""
_USER_FIELDS = [
    field.attname for field in User._meta.concrete_fields if field.attname not in _UNREAD
]
_HAT_ENDS = len(_USER_FIELDS) + len(HAT)
_TOKEN = Prepared(_live_token, digest=str, at=datetime)
_COLUMNS = ["membership", *(f"user_{name}" for name in _USER_FIELDS), *(f"hat_{x}" for x in HAT)]
_TELLING = telling(
    user="found.hat_user_id",
    agency="found.hat_agency_id",
    membership="found.membership",
    role="found.hat_role",
)


def _asked(digest: str) -> tuple[Any, ...] | None:
    """Whose token it is, if it is one: what is read of them, and their calls in this minute.

    One statement finds it, counts the call and tells the database who calls.
    """
    at = instant()
    statement, fixed = _statement()
    told = {"digest": digest, "at": at, "told_at": at.isoformat(), **fixed, **counting()}
    return next(iter(statement.rows(told)), None)


@cache
def _statement() -> tuple[Statement, dict[str, Any]]:
    token, fixed = _TOKEN.sql()
    # What the ORM has written and names of ours alone are put in.
    return Statement(
        f"WITH found ({', '.join(_COLUMNS)}) AS ({token}), {COUNTED}"  # noqa: S608  # nosec B608
        f" SELECT found.*, (SELECT calls FROM counted), {_TELLING} FROM found"
    ), fixed
