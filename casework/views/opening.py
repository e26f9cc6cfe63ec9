"""Accepting a referral: the page lives here because it opens a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.queries import require
from agencies.submitting import attempt
from casework.actions import opening
from casework.views.person import actor_of
from core.clock import today
from referrals import queries as referrals
from referrals.forms import AcceptForm
from referrals.rules import needs_age_reason


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept: a case opens and asks for its lead worker. Age warns, it never blocks."""
    referral, sight = referrals.load(actor_of(request), reference)
    actor = require(actor_of(request), "decide_referral")
    age = referral.person.age_on(today()) if sight.shows("identity") else None
    unusual = needs_age_reason(age)
    form = AcceptForm(request.POST if request.method == "POST" else None, unusual_age=unusual)
    if request.method == "POST":
        case = attempt(
            form,
            lambda: opening.accept(
                referral=referral, age_reason=form.cleaned_data.get("age_reason", ""), by=actor
            ),
        )
        if case is not None:
            messages.success(request, "Accepted. Now choose the lead worker.")
            return redirect("assign_lead", reference=case.reference)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Accept the referral",
            "intro": "A case opens, and you choose its lead worker next.",
            "warnings": [f"They are {age}, outside the usual 16 to 25."] if unusual else [],
            "button": "Accept",
            "back": reverse("referral", args=[referral.reference]),
        },
    )
