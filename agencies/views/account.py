"""The account: which hat, the session, the second factor, notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member
from agencies.actions import notice
from agencies.middleware import HAT, needs_second_factor
from agencies.models import Notice, User
from agencies.queries import live_memberships
from audit import trail

View = Callable[..., HttpResponse]


def before_hat(view: View) -> View:
    """Mark a page that a user may open before choosing what to work as."""
    view.before_hat = True  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """Mark a page that a user may open before having a second factor."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


@require_http_methods(["GET", "POST"])
@before_hat
def working_as(request: HttpRequest) -> HttpResponse:
    """Choose which membership to work as."""
    assert isinstance(request.user, User)
    hats = list(live_memberships(request.user))
    error = ""
    if request.method == "POST":
        chosen = next((hat for hat in hats if str(hat.pk) == request.POST.get("membership")), None)
        if chosen is not None:
            request.session[HAT] = str(chosen.pk)
            member = Member(
                request.user.pk,
                chosen.pk,
                chosen.agency_id,
                chosen.role,  # type: ignore[arg-type]
            )
            trail.record(member, "membership.worn", subject=chosen)
            return redirect(safe_next(request))
        error = "Choose what to work as"
    return render(
        request,
        "agencies/working_as/choose.html",
        {"memberships": hats, "error": error, "next": request.GET.get("next", "")},
    )


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where to go next: an address of ours that the form names, or else `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return default


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
    return render(
        request,
        "agencies/account/show.html",
        {"needs_second_factor": needs_second_factor(request.user)},
    )


@require_GET
@before_hat
@before_second_factor
def second_factor(request: HttpRequest) -> HttpResponse:
    """Say why a second factor is needed, and offer the ways."""
    return render(request, "agencies/account/second_factor.html")


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What awaits the user; never what about whom."""
    found = Notice.objects.filter(user_id=request.user.pk)[:100]
    return render(request, "agencies/notice/list.html", {"notices": found})


@require_POST
def open_notice(request: HttpRequest, notice_id: Any) -> HttpResponse:
    """Mark a notice as seen and go where it leads; that page decides again."""
    found = Notice.objects.filter(pk=notice_id, user_id=request.user.pk).first()
    if found is None:
        raise Http404
    notice.mark_seen(user_id=found.user_id, notice_id=found.pk)
    return redirect(found.path)
