"""The routine partners of a plan: one page for the whole grid, renewed at each review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access.actor import Member, NotAllowed
from access.categories import NONE, Category
from agencies.models import Agency
from agencies.queries import require
from agencies.submitting import attempt, saved
from people import queries as people
from sharing import queries, recipients
from sharing.actions import routine
from sharing.actions.proposal import Grounds
from sharing.consent_forms import MOST_RECIPIENTS, RecipientsForm, end_of, in_weeks
from sharing.decision_forms import ApproveForm, GroundsForm, PartnerForm, writable
from sharing.foresight import words_of
from sharing.models import SharingRound
from sharing.recipients import Option, Recipients, key_of
from sharing.rules import NEVER_BY_GRID
from sharing.views.loading import actor_of, bar, load


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose what each routine partner sees until the next review."""
    seen = load(request, reference)
    actor = require(actor_of(request), "propose_share")
    # What is shared now is shown to change it: that is for the lead agency's.
    if not (
        seen.sight.may_write(Category.POINTER)
        and queries.sees_whole_grid(actor, seen.sight)
        and seen.sight.shows(Category.IDENTITY)
    ):
        raise NotAllowed
    possible = recipients.partners(actor)
    now = {
        key_of(row.agency_id, row.worker_id): row.categories
        for row in queries.routine_now(actor, seen.sight)
    }
    chosen = list(possible.options(request.GET.getlist("to")).values())
    if not chosen or len(chosen) > MOST_RECIPIENTS:
        return _choose(request, seen, possible, list(possible.options(now)))
    return _ask(request, seen, chosen, now, actor)


def _choose(
    request: HttpRequest, seen: people.Seen, possible: Recipients, now: list[str]
) -> HttpResponse:
    form = RecipientsForm(
        request.GET if "asked" in request.GET else None, recipients=possible, initial={"to": now}
    )
    form.is_valid()
    return render(
        request,
        "sharing/routine/choose.html",
        {
            "form": form,
            "possible": possible,
            "renews": bool(now),
            "person_bar": bar(seen),
            "back": reverse("sharing", args=[seen.person.reference]),
        },
    )


def _ask(
    request: HttpRequest,
    seen: people.Seen,
    chosen: list[Option],
    now: dict[str, frozenset[Category]],
    actor: Member,
) -> HttpResponse:
    person, given = seen.person, request.POST or None
    choices = writable(seen.sight, NEVER_BY_GRID)
    rows = [
        PartnerForm(
            given,
            prefix=f"p{number}",
            option=option,
            choices=choices,
            now=now.get(option.key, NONE),
        )
        for number, option in enumerate(chosen)
    ]
    form = GroundsForm(
        given,
        bases=queries.bases_for(person.pk, actor),
        conditions=queries.conditions_in_force(),
        initial={"until": in_weeks(12)},
    )
    key = f"partners-{person.reference}"
    right = [one.is_valid() for one in (*rows, form)]
    if request.method == "POST" and all(right):
        partners = [
            routine.Partner(
                Agency.objects.get(pk=row.option.agency_id), row.option.worker_id, row.wanted()
            )
            for row in rows
            if row.wanted()
        ]
        if attempt(
            form,
            lambda: routine.propose(
                person=person,
                partners=partners,
                grounds=Grounds(**form.grounds()),
                until=end_of(form.cleaned_data["until"]),
                by=actor,
            ),
        ):
            messages.success(
                request, "Proposed. Nothing changes before a second person approves the whole."
            )
            return saved(redirect("sharing", reference=person.reference), request, key)
    return render(
        request,
        "sharing/routine/propose.html",
        {
            "form": form,
            "forms": [*rows, form],
            "rows": rows,
            "person_bar": bar(seen),
            "back": reverse("propose_partners", args=[person.reference]),
            "draft_key": key,
        },
    )


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve or refuse the whole grid, as a second person."""
    actor = actor_of(request)
    made, sight = queries.load_round(actor, key)
    require(actor, "approve_share")
    if actor.user_id == made.proposed_by_id or not sight.may_write(Category.POINTER):
        raise NotAllowed
    form = ApproveForm(request.POST or None)
    back = reverse("sharing", args=[made.person.reference])

    def decide() -> object:
        reason = form.cleaned_data["reason"]
        if form.cleaned_data["decision"] == "approve":
            return routine.approve(made=made, reason=reason, by=actor)
        return routine.refuse(made=made, reason=reason, by=actor)

    if request.method == "POST" and attempt(form, decide):
        messages.success(request, "Decided, for all the partners.")
        return redirect(back)
    return render(
        request, "sharing/routine/approve.html", {"form": form, **_context(actor, made, back)}
    )


def _context(actor: Member, made: SharingRound, back: str) -> dict[str, object]:
    seen = people.load(actor, made.person.reference)
    rows = [row for row in queries.decisions(actor, seen.sight) if row.round_id == made.pk]
    staying = {(row.agency_id, row.worker_id) for row in rows}
    return {
        "made": made,
        "rows": [{"row": row, "what": words_of(row.categories)} for row in rows],
        "first": rows[0] if rows else None,
        "ending": [
            {"row": row, "what": words_of(row.categories)}
            for row in queries.routine_now(actor, seen.sight)
            if row.round_id is not None and (row.agency_id, row.worker_id) not in staying
        ],
        "heading": "Approve the routine partners",
        "button": "Decide for all",
        "back": back,
        "person_bar": bar(seen),
    }
