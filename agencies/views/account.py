"""The account: which hat, the session, the second factor, notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.views import PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member
from access.roles import Role
from agencies.actions import notice
from agencies.addresses import is_ours
from agencies.forms import ChangePasswordForm, WorkingAsForm
from agencies.middleware import HAT, has_second_factor, needs_second_factor
from agencies.models import Notice, User
from agencies.queries import live_memberships
from audit import trail

View = Callable[..., HttpResponseBase]


def before_hat(view: View) -> View:
    """Mark a page that a user may open before choosing what to work as."""
    view.before_hat = True  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """Mark a page that a user may open before having a second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def own(view: View) -> View:
    """Mark a page of the user's own account: signed in, but before a hat or second factor."""
    view.login_required = True  # type: ignore[attr-defined]
    return before_hat(before_second_factor(view))


@require_http_methods(["GET", "POST"])
@before_hat
def working_as(request: HttpRequest) -> HttpResponse:
    """Choose which membership to work as."""
    assert isinstance(request.user, User)
    hats = live_memberships(request.user)
    form = WorkingAsForm(
        request.POST if request.method == "POST" else None,
        hats=hats,
        initial={"membership": request.session.get(HAT)},
    )
    if form.is_valid():
        hat = form.chosen
        if request.session.get(HAT, str(hat.pk)) != str(hat.pk):
            # A form that is open in another tab was begun as the one before: it is refused,
            # not filed under the wrong agency.
            rotate_token(request)
        request.session[HAT] = str(hat.pk)
        member = Member(request.user.pk, hat.pk, hat.agency_id, Role(hat.role))
        trail.record(member, "membership.worn", subject=hat)
        return redirect(safe_next(request))
    return render(
        request, "agencies/working_as/choose.html", {"form": form, "next": safe_next(request)}
    )


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where to go next: an address of ours that the form names, or else `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if is_ours(target) else default


class ChangePassword(PasswordChangeView):
    """A new password, by somebody who knows the old one."""

    form_class = ChangePasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody who only has a passkey gets a first password by a link."""
        assert isinstance(request.user, User)
        if not request.user.has_usable_password():
            return redirect("account_reset_password")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


@require_POST
@before_hat
@before_second_factor
def keep_alive(request: HttpRequest) -> JsonResponse:
    """Keep the session going; saving it on every request does the work."""
    return JsonResponse({"ok": True})


@require_GET
@before_hat
@before_second_factor
def account(request: HttpRequest) -> HttpResponse:
    """Password, second factor, sessions."""
    assert isinstance(request.user, User)
    words = "Set up"
    if not has_second_factor(request.user):
        words = "Needed" if needs_second_factor(request.user) else "Not asked for in the demo"
    return render(request, "agencies/account/show.html", {"second_step": words})


@require_GET
@before_hat
@before_second_factor
def second_factor(request: HttpRequest) -> HttpResponse:
    """Say why a second factor is needed, and offer the ways."""
    return render(request, "agencies/account/second_factor.html")


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What awaits the user; never what about whom."""
    assert isinstance(request.user, User)
    found = Notice.objects.filter(user=request.user)[:100]
    return render(request, "agencies/notice/list.html", {"notices": found})


@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as seen and go where it leads; that page decides again."""
    assert isinstance(request.user, User)
    found = Notice.objects.filter(pk=notice_id, user=request.user).first()
    if found is None:
        raise Http404
    notice.mark_seen(user_id=found.user_id, notice_id=found.pk)
    return redirect(found.path)
