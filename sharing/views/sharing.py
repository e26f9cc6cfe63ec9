"""Who may see what of a person, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from access.bases import LABELS as BASIS_LABELS
from access.categories import LABELS, Category
from sharing import queries
from sharing.views.loading import actor_of, bar, load, may, pages


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The grid: recipients down, categories across, each cell with its until and its basis."""
    actor = actor_of(request)
    seen = load(request, reference)
    sight = seen.sight
    whole = queries.sees_whole_grid(actor, sight) and sight.shows(Category.IDENTITY)
    recipients = queries.recipients(actor, sight)
    return render(
        request,
        "sharing/sharing/show.html",
        {
            "person": seen.person,
            "bar": bar(seen),
            "pages": pages(seen.person.reference),
            "whole": whole,
            "columns": queries.columns(recipients),
            "recipients": recipients,
            "consents": queries.consents(actor, sight),
            "ask_again": queries.to_ask_again(actor, sight, seen.person) if whole else [],
            "decisions": queries.decisions(actor, sight),
            "why": [
                {"name": LABELS[category], "bases": [BASIS_LABELS[basis] for basis in bases]}
                for category, bases in sight.reasons()
            ],
            "hidden": [LABELS[category] for category in sight.hidden],
            "may": may(actor, sight),
            "me": actor.user_id,
        },
    )
