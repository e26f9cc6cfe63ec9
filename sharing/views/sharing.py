"""Who may see what of a person, and why."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from access.bases import LABELS as BASIS_LABELS
from access.categories import LABELS, Category
from core.clock import LONDON, instant
from core.forms import DatePartsField, GovukForm, TimeField
from sharing import past, queries
from sharing.actions import asking
from sharing.views.loading import actor_of, bar, load, may, pages


class DayForm(GovukForm):
    """At which instant."""

    on = DatePartsField(label="On which day?", noun="day", not_future=True)
    at = TimeField(label="At what time?", help_text="Empty: at midday", required=False)

    @property
    def moment(self) -> datetime:
        """The instant, in London's time."""
        data = self.cleaned_data
        return datetime.combine(data["on"], data["at"] or time(12), tzinfo=LONDON)


@require_GET
def then(request: HttpRequest, reference: str) -> HttpResponse:
    """Who could see what on a day: for auditors and for managers of the lead agency."""
    actor = actor_of(request)
    person, sight = past.load(actor, reference)
    form = DayForm(request.GET if "on_day" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        moment = min(form.moment, instant())
        found = past.who_could_see(actor, person, moment)
        asking.who_could_see(person_id=person.pk, at=moment, by=actor)
    sees = sight.sees(Category.IDENTITY)
    return render(
        request,
        "sharing/sharing/then.html",
        {
            "form": form,
            "then": found,
            # An auditor names people by reference alone.
            "bar": {"name": person.name if sees else "", "reference": person.reference},
            "back": reverse("sharing", args=[person.reference])
            if sees
            else f"/oversight/people/{person.reference}/",
        },
    )


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
