"""Making referrals, seeing what became of them, and declining."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, Public
from access.categories import LABELS, in_order
from access.context import become
from agencies.models import Agency
from agencies.queries import permissions_of, require
from agencies.submitting import attempt, saved
from core.clock import today
from core.paging import page_number
from directory.models import Service
from people.areas import borough_name
from referrals import queries
from referrals.actions import referral as referrals
from referrals.enums import Door, ReferralState
from referrals.forms import DeclineForm, PublicReferralForm, ReferralForm
from referrals.rules import needs_age_reason

PAGE = 25


def actor_of(request: HttpRequest) -> Member:
    """The member that the request works as."""
    actor: Member = request.actor  # type: ignore[attr-defined]
    return actor


@require_GET
def list_referrals(request: HttpRequest) -> HttpResponse:
    """Referrals to the actor's agency, those that wait first; and those the actor sent."""
    actor = actor_of(request)
    state = request.GET.get("state", ReferralState.RECEIVED)
    found = queries.received(actor)
    if state in ReferralState.values:
        found = found.filter(state=state)
    number = page_number(request.GET.get("page", ""))
    listed = list(found[(number - 1) * PAGE : number * PAGE + 1])
    return render(
        request,
        "referrals/referral/list.html",
        {
            "referrals": listed[:PAGE],
            "sent": list(queries.sent(actor)[:20]),
            "state": state,
            "states": ReferralState.choices,
            "may": permissions_of(actor),
            "previous": f"?state={state}&page={number - 1}" if number > 1 else "",
            "next": f"?state={state}&page={number + 1}" if len(listed) > PAGE else "",
        },
    )


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Make a referral. Whether the young person is known is not told."""
    actor = require(actor_of(request), "make_referral")
    agencies = {str(agency.pk): agency for agency in queries.receiving_agencies()}
    home = Agency.objects.get(pk=actor.agency_id)
    form = ReferralForm(
        request.POST or None,
        agencies=[("", "Choose"), *((key, agency.name) for key, agency in agencies.items())],
        initial={"door": home.kind if home.kind in Door.values else ""},
    )
    if request.method == "POST":
        made = attempt(
            form,
            lambda: referrals.make(
                sent_to=agencies[form.cleaned_data["sent_to"]],
                request=form.request(),
                key=form.cleaned_data["key"],
                by=actor,
            ),
        )
        if made is not None:
            response = redirect("referral_sent", reference=made.reference)
            return saved(response, request, "referral")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Make a referral",
            "intro": "Say what you know. You will not be told whether the young person is known"
            " here already: somebody will call you.",
            "button": "Send the referral",
            "back": reverse("referrals"),
            "draft_key": "referral",
        },
    )


@require_GET
def show_sent(request: HttpRequest, reference: str) -> HttpResponse:
    """What became of a referral that the actor made: for 28 days after the decision."""
    referral = queries.load_sent(actor_of(request), reference)
    return render(request, "referrals/referral/sent.html", {"referral": referral})


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One referral, as the referrer put it."""
    actor = actor_of(request)
    referral, sight = queries.load(actor, reference)
    age = referral.person.age_on(today())
    return render(
        request,
        "referrals/referral/show.html",
        {
            "referral": referral,
            "person": referral.person,
            "narrative": sight.shows(*referral.categories),
            "locked": sight.sees_some(referral.categories),
            "identity": sight.shows("identity"),
            "contact": sight.shows("contact"),
            "safety": sight.shows("safety"),
            "offending": sight.shows("offending"),
            "components": [LABELS[category] for category in in_order(referral.categories)],
            "borough": borough_name(referral.person.borough),
            "age": age,
            "unusual_age": needs_age_reason(age),
            "waiting": referral.state == ReferralState.RECEIVED,
            "may": permissions_of(actor),
        },
    )


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    """Decline, saying why and where the young person was pointed to instead."""
    referral, sight = queries.load(actor_of(request), reference)
    actor = require(actor_of(request), "decide_referral")
    sight.shows("identity")
    services = {
        str(service.pk): service
        for service in Service.objects.select_related("organization").order_by("name", "pk")[:500]
    }
    form = DeclineForm(
        request.POST or None,
        services=[(key, f"{one.name} – {one.organization}") for key, one in services.items()],
    )
    key = f"decline-{referral.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: referrals.decline(
            referral=referral,
            reason=form.cleaned_data["decline_reason"],
            note=form.cleaned_data["note"],
            pointed_to=form.cleaned_data["pointed_to"],
            service=services.get(form.cleaned_data["pointed_service"]),
            next_contact=form.cleaned_data["next_contact"],
            by=actor,
        ),
    ):
        messages.success(request, "Declined. The referrer is told that it has been decided.")
        return saved(redirect("referrals"), request, key)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Decline the referral",
            "intro": "The young person can come back at any time.",
            "button": "Decline",
            "back": reverse("referral", args=[referral.reference]),
            "draft_key": key,
            "dangerous": True,
        },
    )


@login_not_required
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    """The public door: anybody may ask for help for somebody, or for themselves."""
    if too_many := consume_or_429(request, action="refer"):
        return too_many
    agencies = {str(agency.pk): agency for agency in queries.receiving_agencies()}
    form = PublicReferralForm(
        request.POST or None,
        agencies=[("", "Choose"), *((key, agency.name) for key, agency in agencies.items())],
    )
    if request.method == "POST":
        door = Public("refer")
        become(door)
        made = attempt(
            form,
            lambda: referrals.make(
                sent_to=agencies[form.cleaned_data["sent_to"]],
                request=form.request(),
                key=form.cleaned_data["key"],
                by=door,
            ),
        )
        if made is not None:
            return redirect("refer_thanks")
    return render(request, "referrals/referral/refer.html", {"form": form})


@login_not_required
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """Sent: the same page whoever it was about."""
    return render(request, "referrals/referral/thanks.html")
