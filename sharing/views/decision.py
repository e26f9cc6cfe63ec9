"""Sharing on another basis than consent: proposed, approved, ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access.actor import NotAllowed
from access.categories import LABELS, Category
from agencies.queries import require
from agencies.submitting import attempt, saved
from people import queries as people
from sharing import queries, recipients
from sharing.actions import decision as decisions
from sharing.consent_forms import in_weeks
from sharing.decision_forms import ApproveForm, DecisionForm
from sharing.models import LawfulBasis
from sharing.views.loading import actor_of, bar, load


@require_http_methods(["GET", "POST"])
def propose_decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose to share, or record that it was decided not to."""
    seen = load(request, reference)
    actor = require(actor_of(request), "propose_share")
    if not seen.sight.may_write(Category.POINTER):
        raise NotAllowed
    form = DecisionForm(
        request.POST or None,
        sight=seen.sight,
        recipients=recipients.options(actor, recipients.other_agencies(actor)),
        bases=LawfulBasis.objects.filter(pk__in=[one.pk for one in queries.bases_in_force()]),
        initial={"until": in_weeks(4)},
    )
    key = f"decision-{seen.person.reference}"
    if request.method == "POST":
        proposed = attempt(
            form, lambda: decisions.propose(person=seen.person, **form.asked(), by=actor)
        )
        if proposed is not None:
            messages.success(
                request,
                "Proposed. Nothing is shared before a second person approves it."
                if proposed.state == "proposed" and proposed.involvement_id is None
                else "Recorded.",
            )
            return saved(redirect("sharing", reference=seen.person.reference), request, key)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "person_bar": bar(seen),
            "heading": "Decide on sharing",
            "intro": "For sharing that does not rest on consent. A second person approves.",
            "button": "Record the decision",
            "back": reverse("sharing", args=[seen.person.reference]),
            "draft_key": key,
        },
    )


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve or refuse, as a second person."""
    actor = actor_of(request)
    decision, sight = queries.load_decision(actor, key)
    require(actor, "approve_share")
    if actor.user_id in {decision.proposed_by_id, decision.worker_id}:
        raise NotAllowed
    if not sight.may_write(Category.POINTER):
        raise NotAllowed
    form = ApproveForm(request.POST or None)
    back = reverse("sharing", args=[decision.person.reference])

    def decide() -> object:
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["decision"] == "approve":
            return decisions.approve(decision=decision, reason=reason, by=actor)
        return decisions.refuse(decision=decision, reason=reason, by=actor)

    if request.method == "POST" and attempt(form, decide):
        return redirect(back)
    return render(
        request,
        "sharing/decision/approve.html",
        {
            "form": form,
            "decision": decision,
            "labels": [LABELS[category] for category in sorted(decision.categories)],
            "heading": "Approve a sharing decision",
            "button": "Decide",
            "back": back,
            "person_bar": bar(people.Seen(decision.person, sight)),
        },
    )


@require_http_methods(["GET", "POST"])
def end_decision(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a share before its time."""
    actor = actor_of(request)
    decision, sight = queries.load_decision(actor, key)
    require(actor, "propose_share")
    if not sight.may_write(Category.POINTER):
        raise NotAllowed
    back = reverse("sharing", args=[decision.person.reference])
    if request.method == "POST":
        decisions.end(decision=decision, by=actor)
        return redirect(back)
    return render(
        request,
        "sharing/decision/end.html",
        {"decision": decision, "cancel_href": back},
    )
