"""The duty rota: who answers for the agency's open cases now, and who does next."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, NotAllowed, NotVisible
from access.roles import WORKERS
from agencies.actions import rota
from agencies.colleagues import Colleagues, Offered, by_name
from agencies.models import Agency, DutyShift, User
from agencies.queries import duty_shifts, permissions_of, require
from agencies.rota_forms import ShiftForm
from agencies.submitting import attempt
from core.clock import LONDON, instant, today

SHOWN = 50
"""So many shifts that are still to come are on the page."""


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and next; to everybody who works with young people here."""
    actor: Member = request.actor  # type: ignore[attr-defined]
    if actor.role not in WORKERS:
        raise NotAllowed
    shifts = duty_shifts(actor.agency_id)
    coming = list(shifts.filter(starts__gt=instant())[: SHOWN + 1])
    return render(
        request,
        "agencies/rota/list.html",
        {
            "agency": Agency.objects.get(pk=actor.agency_id),
            "on_duty": shifts.live(),
            "coming": coming[:SHOWN],
            "more": len(coming) > SHOWN,
            "may_publish": "publish_rota" in permissions_of(actor),
        },
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty."""
    member = _publisher(request)
    offered = Offered(Colleagues(frozenset({member.agency_id})), "user", by_name)
    form = ShiftForm(request.POST or None, workers=offered, initial={"starts": today()})

    def go() -> DutyShift:
        chosen = offered.one(form.cleaned_data["user"])
        return rota.publish(
            user=User.objects.get(pk=chosen.user),
            starts=form.starts_moment(),
            ends=form.ends_moment(),
            by=member,
        )

    if request.method == "POST" and (shift := attempt(form, go)):
        messages.success(request, f"Published. {shift.user} is on the rota.")
        return redirect("duty")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Publish a shift",
            "intro": "Whoever is on duty sees how to reach each young person with an open case"
            " here and what keeps them safe, and the referrals that wait.",
            "button": "Publish",
            "back": reverse("duty"),
        },
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take back what is left of a shift, after one question."""
    member = _publisher(request)
    shift = (
        DutyShift.objects.filter(pk=key, agency_id=member.agency_id).select_related("user").first()
    )
    if shift is None:
        raise NotVisible
    if request.method == "POST":
        rota.withdraw(shift=shift, by=member)
        messages.success(request, f"Taken back. {shift.user} is not on duty then.")
        return redirect("duty")
    return render(request, "agencies/rota/withdraw.html", {"consequences": _consequences(shift)})


def _consequences(shift: DutyShift) -> list[str]:
    starts = shift.starts.astimezone(LONDON)
    when = f"{starts:%A %-d %B %Y, %H:%M}"
    if shift.is_live():
        what = f"{shift.user} has been on duty since {when}. It ends now; what has been stays."
    else:
        what = f"{shift.user} is not on duty from {when} after all."
    return [what, "With nobody on duty, messages that nobody sees go straight to a manager."]


def _publisher(request: HttpRequest) -> Member:
    return require(request.actor, "publish_rota")  # type: ignore[attr-defined]
