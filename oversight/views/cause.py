"""Looks for cause: asked for, decided by a second person, then everything on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member, NotAllowed, NotVisible
from agencies.queries import require
from agencies.submitting import attempt
from oversight import lists, queries, scope, tables
from oversight.actions import cause as causes
from oversight.actions import look
from oversight.content import content_of
from oversight.enums import CauseState
from oversight.forms import CauseForm, DecideCauseForm
from oversight.models import CauseReview
from oversight.names import moment
from oversight.rules import CAUSE_TIME
from oversight.views.register import work

MOST = 500
"""So many reads and so many events stand on the page of one look; the trail has the rest."""


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The looks for cause of the auditor's agency."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    return render(
        request,
        "oversight/work/list.html",
        {
            "title": "For cause",
            "lead": "After a complaint or a breach: everything about one person, for four hours,"
            " once a second person has approved it.",
            "columns": lists.COLUMNS["causes"],
            "rows": lists.causes(actor, list(scope.causes(actor)[:100])),
            "empty": "Nobody has asked for one yet.",
            "button": {"text": "Ask for a look", "href": reverse("oversight:ask_cause")},
            "work": work("causes"),
        },
    )


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask; a reference that is hidden and one that is not there are refused alike."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    form = CauseForm(request.POST or None, initial={"person": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        person_id = scope.find_person(actor, form.cleaned_data["person"])
        if person_id is None:
            form.add_error("person", "There is nobody of that reference whom you may review")
        else:
            said = form.cleaned_data
            asked = attempt(
                form,
                lambda: causes.ask(
                    person_id=person_id, cause=said["cause"], reason=said["reason"], by=actor
                ),
            )
            if asked is not None:
                messages.success(request, "Asked. A second person decides.")
                return redirect("oversight:cause", asked.pk)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Ask for a look for cause",
            "intro": "Another auditor, or a manager who sees the person, decides.",
            "button": "Ask",
            "back": reverse("oversight:causes"),
        },
    )


@require_GET
def show(request: HttpRequest, cause_id: UUID) -> HttpResponse:
    """Every read and every share of one person on one page, once it is approved."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    row = _load(actor, cause_id)
    look.read_trail(what="cause", person_id=row.person_id, subject=row, by=actor)
    reference = scope.references(actor, [row.person_id])[row.person_id]
    approved = row.state == CauseState.APPROVED
    parts = []
    if approved:
        for register, found in _everything(actor, reference):
            rows = list(found[:MOST])
            parts.append(
                {
                    "title": PARTS[register],
                    "columns": tables.COLUMNS[register],
                    "rows": tables.rows(register, actor, rows),
                    "cut": len(rows) == MOST,
                }
            )
    over = moment(row.decided_at + CAUSE_TIME) if approved and row.decided_at else ""
    return render(
        request,
        "oversight/cause/show.html",
        {
            "row": row,
            "reference": reference,
            "parts": parts,
            "over": over,
            "may_decide": row.state == CauseState.ASKED and causes.may_decide(actor, row),
            "may_open": approved
            and row.asked_by_id == actor.user_id
            and causes.time_left(row).total_seconds() > 0,
            "opened": scope.opening(actor, of=row),
            "findings": list(scope.findings(actor).filter(cause=row)),
        },
    )


def _everything(actor: Member, reference: str) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Every share and every read of the person, register by register, newest first."""
    only = {"person": reference}
    for register in PARTS:
        yield register, queries.REGISTERS[register](actor, only)


PARTS = {
    "consents": "Consents",
    "decisions": "Sharing decisions",
    "break_glass": "Emergency access",
    "reads": "Who looked",
}


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, cause_id: UUID) -> HttpResponse:
    """Approve or refuse, as a second person: another auditor, or a manager who sees them."""
    actor = request.actor  # type: ignore[attr-defined]
    row = scope.cause_to_decide(actor, cause_id)
    if row is None:
        raise NotVisible
    if not causes.may_decide(actor, row):
        raise NotAllowed if row.asked_by_id == actor.user_id else NotVisible
    form = DecideCauseForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: causes.decide(
            review=row, approve=form.cleaned_data["decision"] == "approve", by=actor
        ),
    ):
        messages.success(request, "Decided. Whoever asked can see it.")
        return redirect("my_day")
    return render(
        request,
        "oversight/cause/decide.html",
        {
            "form": form,
            "row": row,
            "reference": scope.reference_of(row),
            "heading": "A look for cause",
            "button": "Decide",
            "back": reverse("my_day"),
        },
    )


@require_POST
def open_content(request: HttpRequest, cause_id: UUID) -> HttpResponse:
    """Open the content to who asked, for what is left of the four hours."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    row = _load(actor, cause_id)
    if scope.opening(actor, of=row) is None:
        causes.open_content(review=row, by=actor)
    return redirect("oversight:cause_content", row.pk)


@require_GET
def content(request: HttpRequest, cause_id: UUID) -> HttpResponse:
    """Everything that an auditor may see of this person, while it is open."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    row = _load(actor, cause_id)
    opened = scope.opening(actor, of=row)
    if opened is None:
        return redirect("oversight:cause", row.pk)
    return render(
        request,
        "oversight/content/show.html",
        content_of(actor, opened)
        | {"back": reverse("oversight:cause", args=[row.pk]), "back_text": "The look for cause"},
    )


def _load(actor: Member, cause_id: UUID) -> CauseReview:
    row: CauseReview | None = scope.causes(actor).filter(pk=cause_id).first()
    if row is None:
        raise NotVisible
    return row
