"""Figures for analysts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from access import replica
from agencies.models import Agency
from agencies.queries import require
from reporting import periods, queries
from reporting.rules import THRESHOLD


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One quarter of the analyst's own agency."""
    member = require(request.actor, "view_aggregates")  # type: ignore[attr-defined]
    quarter = periods.quarter(request.GET.get("quarter", ""))
    # A copy that is not yet past the quarter's end would give figures that change afterwards.
    figures, source = replica.read(
        lambda using: queries.figures(member.agency_id, quarter, using=using),
        not_before=quarter.ends,
    )
    return render(
        request,
        "reporting/report/show.html",
        {
            "agency": Agency.objects.get(pk=member.agency_id),
            "quarter": quarter,
            "quarters": periods.quarters(),
            "figures": figures,
            "source": source,
            "threshold": THRESHOLD,
        },
    )
