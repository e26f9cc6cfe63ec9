"""What is shared about one young person: the grid, consents, decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, NotAllowed, NotVisible
from access.bases import LABELS as BASIS_LABELS
from access.categories import LABELS, Category
from access.reading import Sight
from agencies.queries import permissions_of, require
from agencies.submitting import attempt, saved
from core.clock import today
from people import queries as people
from sharing import queries
from sharing.actions import consent as consents
from sharing.actions import decision as decisions
from sharing.enums import ConsentPlace
from sharing.forms import ApproveForm, ConsentForm, DecisionForm, WithdrawForm, in_weeks
from sharing.models import LawfulBasis
from sharing.rules import consent_warnings


def actor_of(request: HttpRequest) -> Member:
    """The member that the request works as."""
    actor: Member = request.actor  # type: ignore[attr-defined]
    return actor


def _bar(seen: people.Seen) -> dict[str, Any]:
    return {"name": seen.person.name, "reference": seen.person.reference, "facts": []}


def _pages(reference: str) -> list[dict[str, Any]]:
    """The pages about a person, by address: the rooms above are known by name only."""
    return [
        {"text": text, "href": reverse(name, args=[reference]), "current": name == "sharing"}
        for text, name in (
            ("Overview", "person"),
            ("Plan", "plan"),
            ("Timeline", "timeline"),
            ("Sharing", "sharing"),
        )
    ]


def _load(request: HttpRequest, reference: str) -> people.Seen:
    """A person of whom the actor sees more than the pointer. Raises NotVisible."""
    seen = people.load(actor_of(request), reference)
    if not seen.sight.answer.visible - {Category.POINTER}:
        raise NotVisible
    return seen


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The grid: recipients down, categories across, each cell with its until and its basis."""
    actor = actor_of(request)
    seen = _load(request, reference)
    sight = seen.sight
    whole = queries.sees_whole_grid(actor, sight) and sight.shows(Category.IDENTITY)
    return render(
        request,
        "sharing/sharing/show.html",
        {
            "person": seen.person,
            "bar": _bar(seen),
            "pages": _pages(seen.person.reference),
            "whole": whole,
            "columns": [LABELS[category] for category in queries.GRID],
            "recipients": queries.recipients(actor, sight),
            "consents": queries.consents(actor, sight),
            "decisions": queries.decisions(actor, sight),
            "why": [
                {"name": LABELS[category], "bases": [BASIS_LABELS[basis] for basis in bases]}
                for category, bases in sight.reasons()
            ],
            "hidden": [LABELS[category] for category in sight.hidden],
            "may": _may(actor, sight),
            "me": actor.user_id,
        },
    )


def _may(actor: Member, sight: Sight) -> frozenset[str]:
    """What the page offers; recording consent only to who sees the age that it depends on."""
    if not sight.may_write(Category.POINTER):
        return frozenset()
    may = permissions_of(actor)
    return may if sight.sees(Category.IDENTITY) else may - {"record_consent"}


@require_http_methods(["GET", "POST"])
def add_consent(request: HttpRequest, reference: str) -> HttpResponse:
    """Record what the young person agrees to, for one recipient."""
    seen = _load(request, reference)
    actor = require(actor_of(request), "record_consent")
    # The warnings tell of the age.
    if not (seen.sight.may_write(Category.POINTER) and seen.sight.shows(Category.IDENTITY)):
        raise NotAllowed
    partners = queries.covered_partners(actor.agency_id)
    form = ConsentForm(
        request.POST or None,
        sight=seen.sight,
        recipients=queries.possible_recipients(actor),
        agencies=[one for one in queries.other_agencies(actor) if str(one.pk) in partners],
        initial={"until": in_weeks(12), "language": "English"},
    )
    key = f"consent-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: consents.record(
            person=seen.person,
            lines=[form.line()],
            **{
                name: form.cleaned_data[name]
                for name in (
                    "giver",
                    "giver_name",
                    "competence",
                    "competence_reasons",
                    "language",
                    "channel",
                    "place",
                    "purposes",
                )
            },
            by=actor,
        ),
    ):
        for warning in _warnings(seen, form.cleaned_data["place"]):
            messages.warning(request, warning)
        messages.success(request, "Recorded. They can see it from now on.")
        return saved(redirect("sharing", reference=seen.person.reference), request, key)
    return render(
        request,
        "sharing/consent/form.html",
        {
            "form": form,
            "person_bar": _bar(seen),
            "heading": "Who may see what",
            "button": "Record what was agreed",
            "back": reverse("sharing", args=[seen.person.reference]),
            "draft_key": key,
            "warnings": _warnings(seen, ConsentPlace.COMMUNITY),
        },
    )


def _warnings(seen: people.Seen, place: str) -> list[str]:
    person = seen.person
    return consent_warnings(
        place=place, age=person.age_on(today()), born=person.date_of_birth, today=today()
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Withdraw a consent: first who loses what, then one action."""
    actor = actor_of(request)
    consent, sight = queries.load_consent(actor, key)
    require(actor, "record_consent")
    if not sight.may_write(Category.POINTER):
        raise NotAllowed
    form = WithdrawForm(request.POST or None)
    back = reverse("sharing", args=[consent.person.reference])
    if request.method == "POST" and attempt(
        form,
        lambda: consents.withdraw(consent=consent, words=form.cleaned_data["words"], by=actor),
    ):
        messages.success(request, "Withdrawn. Nobody sees anything by it any more.")
        return redirect(back)
    lines = consent.lines.visible_to(actor).filter(ended_at=None).select_related("agency", "worker")
    return render(
        request,
        "sharing/consent/withdraw.html",
        {
            "form": form,
            "consequences": [
                f"{line.worker or line.agency} stops seeing"
                f" {', '.join(LABELS[category] for category in sorted(line.categories)).lower()}"
                for line in lines
            ],
            "others": [
                recipient
                for recipient in queries.recipients(actor, sight)
                if any(row.basis != "consent" for row in recipient.involvements)
            ],
            "cancel_href": back,
        },
    )


@require_http_methods(["GET", "POST"])
def propose_decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose to share, or record that it was decided not to."""
    seen = _load(request, reference)
    actor = require(actor_of(request), "propose_share")
    if not seen.sight.may_write(Category.POINTER):
        raise NotAllowed
    agencies = queries.other_agencies(actor)
    form = DecisionForm(
        request.POST or None,
        sight=seen.sight,
        recipients=queries.possible_recipients(actor),
        agencies=agencies,
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
            "person_bar": _bar(seen),
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
            "person_bar": _bar(people.Seen(decision.person, sight)),
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
