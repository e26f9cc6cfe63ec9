"""Findings: written by an auditor, answered by their owner, closed by an auditor."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member, NotVisible
from agencies.queries import managers, may, require
from agencies.submitting import attempt
from oversight import lists, scope
from oversight.actions import finding as findings
from oversight.actions import look
from oversight.enums import FindingState
from oversight.forms import FindingForm, ReplyForm
from oversight.models import CauseReview, Finding, SampledShare
from oversight.names import moment
from oversight.views.register import work
from oversight.views.sample import load as load_share


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The findings of the auditor's agency, the first due first."""
    actor = require(request.actor, "write_finding")  # type: ignore[attr-defined]
    closed = request.GET.get("state") == "closed"
    found = scope.findings(actor)
    state = {"state": FindingState.CLOSED}
    found = found.filter(**state) if closed else found.exclude(**state)
    listed = list(found[:200])
    look.read_trail(what="findings", by=actor)
    here = reverse("oversight:findings")
    return render(
        request,
        "oversight/work/list.html",
        {
            "title": "Findings",
            "lead": "Write one from a sampled share or from a look for cause.",
            "columns": lists.COLUMNS["findings"],
            "rows": lists.findings(
                listed, scope.references(actor, [row.person_id for row in listed])
            ),
            "empty": "No finding is closed yet." if closed else "No finding is open.",
            "kinds": [
                {"text": "Open", "href": here, "current": not closed},
                {"text": "Closed", "href": f"{here}?state=closed", "current": closed},
            ],
            "work": work("findings"),
        },
    )


@require_http_methods(["GET", "POST"])
def write_on_share(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Write a finding on a sampled share."""
    actor = require(request.actor, "write_finding")  # type: ignore[attr-defined]
    row = load_share(actor, share_id)
    back = reverse("oversight:share", args=[row.pk])
    return _write(request, actor, row.person_id, back, share=row)


@require_http_methods(["GET", "POST"])
def write_on_cause(request: HttpRequest, cause_id: UUID) -> HttpResponse:
    """Write a finding on a look for cause."""
    actor = require(request.actor, "write_finding")  # type: ignore[attr-defined]
    row = scope.causes(actor).filter(pk=cause_id).first()
    if row is None:
        raise NotVisible
    back = reverse("oversight:cause", args=[row.pk])
    return _write(request, actor, row.person_id, back, cause=row)


def _write(
    request: HttpRequest,
    actor: Member,
    person_id: UUID,
    back: str,
    *,
    share: SampledShare | None = None,
    cause: CauseReview | None = None,
) -> HttpResponse:
    owners = [(str(hat.user_id), hat.user.name) for hat in managers(actor.agency_id)]
    form = FindingForm(request.POST or None, owners=owners)
    if request.method == "POST":
        written = attempt(
            form,
            lambda: findings.write(
                person_id=person_id,
                what=form.cleaned_data["what"],
                owner_id=UUID(form.cleaned_data["owner"]),
                due_on=form.cleaned_data["due_on"],
                share=share,
                cause=cause,
                by=actor,
            ),
        )
        if written is not None:
            messages.success(request, f"Written as {written.reference}. Its owner is told.")
            return redirect("oversight:finding", written.pk)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Write a finding",
            "intro": f"About {scope.references(actor, [person_id])[person_id]}.",
            "button": "Write it",
            "back": back,
        },
    )


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """One finding: to the auditors of its agency, and to its owner, who replies here."""
    actor = request.actor  # type: ignore[attr-defined]
    row = _load(actor, finding_id)
    owns = row.owner_id == actor.user_id and row.state != FindingState.CLOSED
    form = ReplyForm(request.POST or None, initial={"reply": row.reply}) if owns else None
    if request.method == "POST":
        if form is None:
            raise NotVisible
        if attempt(
            form,
            lambda: findings.reply(finding=row, words=form.cleaned_data["reply"], by=actor),
        ):
            messages.success(request, "Sent. An auditor closes it, or asks again.")
            return redirect("oversight:finding", row.pk)
    audits = may(actor, "write_finding")
    return render(
        request,
        "oversight/finding/show.html",
        {
            "row": row,
            "state": lists.finding_state(row),
            "reference": scope.references_of_owned([row])[row.person_id],
            "raised": moment(row.raised_at),
            "replied": moment(row.replied_at) if row.replied_at else "",
            "closed": moment(row.closed_at) if row.closed_at else "",
            "form": form,
            "audits": audits,
            "may_close": audits and row.state != FindingState.CLOSED and not owns,
        },
    )


@require_POST
def close(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Close a finding."""
    actor = require(request.actor, "write_finding")  # type: ignore[attr-defined]
    row = _load(actor, finding_id)
    findings.close(finding=row, by=actor)
    messages.success(request, "Closed.")
    return redirect("oversight:finding", row.pk)


def _load(actor: Member, finding_id: UUID) -> Finding:
    row: Finding | None = scope.findings(actor).filter(pk=finding_id).first()
    if row is None:
        raise NotVisible
    return row
