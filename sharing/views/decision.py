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
from sharing.actions import proposal
from sharing.decision_forms import ApproveForm, DecisionForm, ReviewForm
from sharing.models import SharingDecision
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
        recipients=recipients.anybody(actor),
        bases=queries.bases_for(seen.person.pk, actor),
        conditions=queries.conditions_in_force(),
    )
    key = f"decision-{seen.person.reference}"
    warnings: list[str] = []
    if request.method == "POST" and form.is_valid():
        asked = form.asked()
        names = ("share", "kind", "agency", "categories")
        warnings = proposal.warnings(person=seen.person, **{name: asked[name] for name in names})
        if not warnings or request.POST.get("thought") == str(len(warnings)):
            proposed = attempt(
                form, lambda: decisions.propose(person=seen.person, **asked, by=actor)
            )
            if proposed is not None:
                messages.success(request, _done(proposed))
                return saved(redirect("sharing", reference=seen.person.reference), request, key)
    return render(
        request,
        "sharing/decision/propose.html",
        {
            "form": form,
            "person_bar": bar(seen),
            "heading": "Decide on sharing",
            "intro": "For sharing that does not rest on consent. A second person approves.",
            "button": "Record it all the same" if warnings else "Record the decision",
            "thought_about": warnings,
            "back": reverse("sharing", args=[seen.person.reference]),
            "draft_key": key,
        },
    )


def _done(proposed: SharingDecision) -> str:
    if not proposed.share:
        return "Recorded: it is not shared."
    if proposed.involvement_id is not None:
        return "They see it now. A manager reviews it within 24 hours."
    return "Proposed. Nothing is shared before a second person approves it."


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


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what came of the review of a one-off share."""
    actor = actor_of(request)
    decision, sight = queries.load_decision(actor, key)
    require(actor, "approve_share")
    if not sight.may_write(Category.POINTER):
        raise NotAllowed
    form = ReviewForm(request.POST or None)
    back = reverse("sharing", args=[decision.person.reference])
    if request.method == "POST" and attempt(
        form,
        lambda: decisions.review(decision=decision, words=form.cleaned_data["words"], by=actor),
    ):
        messages.success(request, "The review is written down.")
        return redirect(back)
    return render(
        request,
        "sharing/decision/approve.html",
        {
            "form": form,
            "decision": decision,
            "labels": [LABELS[category] for category in sorted(decision.categories)],
            "heading": "Review a one-off share",
            "button": "Record the review",
            "back": back,
            "person_bar": bar(people.Seen(decision.person, sight)),
        },
    )
