"""What stands around every request: no-store, the second factor, the actor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from access import replica
from access.actor import Member, NotAllowed, NotVisible
from access.context import become, transact
from access.roles import Role
from agencies import queries
from agencies.models import User
from core.errors import Refused
from core.prepared import Prepared
from core.versions import Stale

GetResponse = Callable[[HttpRequest], HttpResponse]

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
HAT = "membership"
"""Session key of the membership that the user works as."""
IN_USE = "in_use"
"""Session key of the client that last used it, and when that was noted."""
WROTE = "wrote"
"""Session key of how far a copy of the database must be to hold the user's own last write."""


class NoStoreMiddleware:
    """Has every page that is not a static file kept by nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the response, unless it is open to all and says itself how it may be kept."""
        response = self.get_response(request)
        said = response.get("Cache-Control", "")
        if "no-store" not in said and (not said or _signed_in(request)):
            response["Cache-Control"] = "no-store, private"
        return response


def _signed_in(request: HttpRequest) -> bool:
    """Whether the answer may be one user's own. Sure only of a no."""
    user = getattr(request, "user", None)
    return user is not None and bool(user.is_authenticated)


class InUseMiddleware:
    """Notes that a session is in use, for its end and for the list of a user's sessions.

    At most once a minute, and at once from another address or browser: written down at
    every request, it would be the only thing that most requests write.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it, if it is time, and pass on."""
        if request.session.session_key and request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            client = f"{request.META.get('REMOTE_ADDR')} {request.headers.get('User-Agent')}"
            before, then = request.session.get(IN_USE, ("", 0))
            if client != before or not 0 <= now - then < settings.SESSION_NOTED_SECONDS:
                # Changed, so it is saved, and ends that much later.
                request.session[IN_USE] = (client, now)
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Requires a second factor: without one, a user can only set one up or sign out.

    allauth can't require it. Demo users are exempt in a demo unless DEMO_MFA=1.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the check itself needs to know the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send a user without a second factor to set one up."""
        user = request.user
        if not isinstance(user, User) or getattr(view, "before_second_factor", False):
            return None
        if not getattr(view, "login_required", True) or not needs_second_factor(user):
            return None
        return redirect("second_factor")


def needs_second_factor(user: User) -> bool:
    """Whether this user has to set up a second factor before anything else."""
    if user.is_demo and settings.DEMO and not settings.DEMO_MFA:
        return False
    return not has_second_factor(user)


def has_second_factor(user: User) -> bool:
    """Whether signing in asks for a second factor. Recovery codes alone are none."""
    return bool(_SECOND_FACTORS.rows(user=user.pk))


def _second_factors(user: UUID) -> QuerySet[Authenticator, tuple[Any, ...]]:
    # As allauth's `is_mfa_enabled`, which is built anew for every page.
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found = Authenticator.objects.filter(user_id=user, type__in=kinds)
    return found.order_by("pk").values_list("pk")[:1]


_SECOND_FACTORS = Prepared(_second_factors, user=UUID)


class ActorMiddleware:
    """One transaction a request, with its actor; nothing is shown that is not recorded.

    A response of 500 and above rolls back all that the request wrote. What an action
    refuses becomes the page that says so: 403, 404, 409, 412.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside a transaction; the access records are its last statement."""
        with transact(None) as notes:
            actor = actor_of(request)
            if actor is not None and replica.is_configured():
                replica.follow(request.session.get(WROTE, ""))
            if actor is not None:
                become(actor)
            request.actor = actor  # type: ignore[attr-defined]
            response = self.get_response(request)
            match = request.resolver_match
            notes.route = match.view_name if match else ""
            if response.status_code >= 500:
                transaction.set_rollback(True)
                notes.shown.clear()
            elif response.status_code in {403, 404}:
                notes.shown.clear()
        if actor is not None and replica.is_configured() and request.method not in SAFE:
            request.session[WROTE] = replica.own_write()
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send a user who has not chosen a hat to choose one."""
        if not request.user.is_authenticated or getattr(request, "actor", None) is not None:
            return None
        if not getattr(view, "login_required", True):
            return None
        if getattr(view, "before_hat", False) or getattr(view, "before_second_factor", False):
            return None
        return redirect("working_as")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for what an action or a loader refused."""
        if isinstance(error, NotVisible):
            return render(request, "404.html", status=404)
        if isinstance(error, NotAllowed):
            return render(request, "403.html", status=403)
        if isinstance(error, Stale):
            return render(request, "412.html", {"message": str(error)}, status=412)
        if isinstance(error, Refused):
            return render(
                request,
                "409.html",
                {"message": str(error), "href": request.headers.get("Referer", "/")},
                status=409,
            )
        return None


def actor_of(request: HttpRequest) -> Member | None:
    """The member that the session works as; none before one is chosen, or once it ended.

    The only membership of a user needs no choosing. One that ended is not replaced by
    another without asking: what is under way was begun for the agency that it was of.
    """
    if request.session.session_key is None:
        # A call with a token, or somebody new: nobody has signed in.
        return None
    user = request.user
    if not isinstance(user, User):
        return None
    hats = {str(hat.pk): hat for hat in queries.hats(user)}
    chosen = request.session.get(HAT)
    if chosen not in hats:
        if chosen is not None or len(hats) != 1:
            return None
        chosen = next(iter(hats))
        request.session[HAT] = chosen
    hat = hats[chosen]
    request.hat = hat  # type: ignore[attr-defined]
    request.hats = list(hats.values())  # type: ignore[attr-defined]
    return Member(
        user_id=user.pk,
        membership_id=UUID(chosen),
        agency_id=hat.agency_id,
        role=Role(hat.role),
        stepped_up_at=stepped_up_at(request, user),
    )


def acting(request: HttpRequest) -> Member:
    """The member who makes this request. Raises NotAllowed when nobody works as anything."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Member):
        raise NotAllowed
    return actor


def stepped_up_at(request: HttpRequest, user: User) -> datetime | None:
    """When this session last re-authenticated; signing in is not stepping up."""
    times = [
        record["at"]
        for record in get_authentication_records(request, user)
        if record.get("reauthenticated")
    ]
    return datetime.fromtimestamp(max(times), UTC) if times else None
