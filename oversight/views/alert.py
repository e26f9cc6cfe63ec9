"""Alerts about somebody's reading."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import NotVisible
from agencies.queries import may, require
from agencies.submitting import attempt
from oversight import lists, rules
from oversight.actions import reading_alert
from oversight.forms import AlertAnswerForm
from oversight.models import ReadingAlert
from oversight.names import moment
from oversight.views.register import work


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The alerts of the auditor's agency, newest first; never about the auditor's own reading."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    found = (
        ReadingAlert.objects.filter(agency_id=actor.agency_id)
        .exclude(user_id=actor.user_id)
        .select_related("user", "owner")
    )
    answered = request.GET.get("state") == "answered"
    listed = list(found.filter(answered_at__isnull=not answered)[:200])
    here = reverse("oversight:alerts")
    return render(
        request,
        "oversight/work/list.html",
        {
            "title": "Alerts",
            "lead": f"Somebody read of more than {rules.MANY} people in one day, and of more than"
            f" {rules.TIMES_USUAL} times as many as they usually do. Reading in a meeting does"
            " not count.",
            "columns": lists.COLUMNS["alerts"],
            "rows": lists.alerts(listed),
            "empty": "No alert is answered yet." if answered else "No alert waits.",
            "kinds": [
                {"text": "Waiting", "href": here, "current": not answered},
                {"text": "Answered", "href": f"{here}?state=answered", "current": answered},
            ],
            "work": work("alerts"),
        },
    )


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """One alert, and the answer to it; to a manager only once it has climbed to them."""
    actor = request.actor  # type: ignore[attr-defined]
    row = (
        ReadingAlert.objects.filter(pk=alert_id, agency_id=actor.agency_id)
        .exclude(user_id=actor.user_id)
        .select_related("user", "owner", "answered_by")
        .first()
    )
    audits = may(actor, "view_registers")
    if row is None or not (audits or row.owner_id == actor.user_id):
        raise NotVisible
    form = AlertAnswerForm(request.POST or None) if row.answered_at is None else None
    if (
        request.method == "POST"
        and form is not None
        and attempt(
            form,
            lambda: reading_alert.answer(alert=row, words=form.cleaned_data["answer"], by=actor),
        )
    ):
        messages.success(request, "Answered.")
        return redirect("oversight:alert", row.pk)
    return render(
        request,
        "oversight/alert/show.html",
        {
            "row": row,
            "state": lists.alert_state(row),
            "answered": moment(row.answered_at) if row.answered_at else "",
            "form": form,
            "audits": audits,
        },
    )
