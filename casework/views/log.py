"""Logging an intervention: two taps from “my day”, a minute to fill in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, NotAllowed
from access.categories import COMPONENTS, Category
from agencies.queries import may, require
from agencies.submitting import attempt, saved
from casework.actions import intervention as interventions
from casework.forms import AmendForm, LogForm
from casework.models import Intervention
from casework.queries import caseload, record
from casework.views.person import about, actor_of, person_bar
from people import queries as people
from people.models import YoungPerson


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Whom was it with? The actor's own caseload, then whoever is found by name."""
    actor = actor_of(request)
    require(actor, "log_intervention")
    words = request.GET.get("q", "")[:100]
    mine = YoungPerson.objects.visible_to(actor).filter(
        pk__in=caseload.led_by(actor).values("person_id")
    )
    found = people.search(actor, words)[:20] if words.strip() else mine.order_by("given_name")[:60]
    rows = [
        row for row in caseload.rows(actor, found) if row.sight.answer.write - {Category.POINTER}
    ]
    return render(request, "casework/log/choose.html", {"rows": rows, "q": words})


@require_http_methods(["GET", "POST"])
def log(request: HttpRequest, reference: str) -> HttpResponse:
    """The form."""
    seen, _ = about(request, reference, "person")
    actor = require(actor_of(request), "log_intervention")
    if not any(seen.sight.may_write(category) for category in interventions.LOGGABLE):
        raise NotAllowed
    places = record.recent_places(actor, seen.sight)
    usual = {"place": places[0]} if places else {}
    clinical = may(actor, "write_clinical_note")
    components = [category for category in COMPONENTS if seen.sight.may_write(category)]
    # Not where it could be therapy: what stays ticked decides who reads the note.
    if len(components) == 1 and not (clinical and seen.sight.may_write(Category.CLINICAL)):
        usual["categories"] = components  # type: ignore[assignment]
    form = LogForm(
        request.POST or None,
        sight=seen.sight,
        clinical=clinical,
        initial=LogForm.defaults(usual),
    )
    key = f"log-{seen.person.reference}"
    if request.method == "POST" and attempt(form, lambda: _log(form, seen, actor)):
        messages.success(request, "Logged.")
        return saved(redirect("person", reference=seen.person.reference), request, key)
    return render(
        request,
        "casework/log/form.html",
        {
            "form": form,
            "person": seen.person,
            "person_bar": person_bar(seen),
            "places": places,
            "draft_key": key,
            "back": reverse("person", args=[seen.person.reference]),
        },
    )


@require_GET
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """One intervention in full, for those who may see all of its categories."""
    row, sight = record.load_intervention(actor_of(request), key)
    return render(
        request,
        "casework/log/show.html",
        {
            "row": row,
            "entry": record.Entry(row.at.date(), row),
            "person_bar": person_bar(people.Seen(row.person, sight)),
            "may_amend": row.logged_by_id == actor_of(request).user_id
            and sight.may_write(*row.categories),
        },
    )


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct the words of what the actor logged."""
    actor = actor_of(request)
    row, sight = record.load_intervention(actor, key)
    if row.logged_by_id != actor.user_id or not sight.may_write(*row.categories):
        raise NotAllowed
    form = AmendForm(
        request.POST or None,
        initial={"version": row.version, "note": row.note, "next_step": row.next_step},
    )
    if request.method == "POST" and attempt(
        form, lambda: interventions.amend(intervention=row, **form.cleaned_data, by=actor)
    ):
        return redirect("intervention", key=row.pk)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Correct what you logged",
            "intro": "The earlier words stay in its history.",
            "button": "Save",
            "back": reverse("intervention", args=[row.pk]),
            "person_bar": person_bar(people.Seen(row.person, sight)),
        },
    )


def _log(form: LogForm, seen: people.Seen, actor: Member) -> Intervention:
    data = form.cleaned_data
    return interventions.log(
        person=seen.person,
        categories=[Category(name) for name in data["categories"]],
        kind=data["kind"],
        at=form.at(),
        minutes=data["minutes"],
        attendance=data["attendance"],
        mode=data["mode"],
        place=data["place"],
        worker_came=data["worker_came"] == "yes",
        note=data["note"],
        next_step=data["next_step"],
        next_on=data["next_on"],
        key=data["key"],
        by=actor,
    )
