"""“My day”: what a worker or a manager does today, in the order in which it matters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from access.actor import Member
from access.categories import Category
from access.reading import sights
from agencies.models import Agency
from agencies.queries import permissions_of, require
from casework.queries import caseload
from casework.views.person import actor_of
from core.clock import instant, today
from core.paging import numbered, page_number
from people.models import YoungPerson
from referrals import queries as referrals
from sharing import coverage, emergencies, protections
from sharing import queries as sharing
from tasking import queries as tasking

WORKERS = 50
"""So many are on one page of how much everybody has to do."""


def show(request: HttpRequest) -> HttpResponse:
    """The page that opens the day: alerts, tasks, then the caseload or the decisions."""
    actor = actor_of(request)
    may = permissions_of(actor)
    context: dict[str, Any] = {
        "may": may,
        "today": today(),
        "now": instant(),
        "agency": Agency.objects.get(pk=actor.agency_id),
        "alerts": tasking.own_alerts(actor),
        "alerts_sent": tasking.raised_alerts(actor)[:5],
        "tasks": tasking.visible_tasks(actor, list(tasking.own_tasks(actor)[:50])),
        "follow_ups": _follow_ups(actor),
        "caseload": _caseload(actor),
        "emergencies_owed": emergencies.owed(actor),
        "emergencies_of_led": emergencies.of_led(actor),
    }
    if "decide_referral" in may:
        context |= _to_decide(actor)
    return render(request, "casework/my_day/show.html", context)


def _caseload(actor: Member) -> list[caseload.Row]:
    cases = list(caseload.led_by(actor)[:60])
    people = YoungPerson.objects.visible_to(actor).filter(pk__in=[case.person_id for case in cases])
    rows = {row.person.pk: row for row in caseload.rows(actor, people)}
    found = [rows[case.person_id] for case in cases]
    for row in found:
        row.sight.shows(Category.CONTACT)
    return found


def _follow_ups(actor: Member) -> list[Any]:
    due = list(caseload.follow_ups_due(actor)[:50])
    seen = sights(actor, {check.person_id for check in due})
    return [check for check in due if seen[check.person_id].shows(Category.CONTACT)]


def _quiet(actor: Member) -> list[caseload.Row]:
    """Whom nobody has been in touch with: itself something about contact."""
    found = caseload.rows(actor, [case.person for case in caseload.quiet(actor)])
    seeing = [row for row in found if row.sight.sees(Category.CONTACT)][:10]
    return [row for row in seeing if row.sight.shows(Category.CONTACT)]


def _to_decide(actor: Member) -> dict[str, Any]:
    """What waits for a manager."""
    counted, more = caseload.workload(actor, limit=WORKERS)
    return {
        "referrals": list(referrals.waiting(actor)[:25]),
        "without_lead": list(caseload.without_lead(actor)[:25]),
        "step_downs": list(caseload.step_downs_waiting(actor)[:25]),
        "decisions": sharing.waiting_for_approval(actor)[:25],
        "emergencies": emergencies.to_review(actor),
        "protections_overdue": protections.overdue(actor)[:25],
        "agreements_ending": [
            {"row": row, "stops": coverage.stops(row)}
            for row in coverage.ending_soon(actor.agency_id)
        ],
        "share_reviews": sharing.reviews_waiting(actor)[:25],
        "overdue": [task for task in tasking.team_tasks(actor) if task.due_on < today()][:25],
        "quiet": _quiet(actor),
        "workload": counted,
        "more_workers": more,
    }


@require_GET
def workload(request: HttpRequest) -> HttpResponse:
    """How many cases everybody at the agency leads, in pages by name."""
    actor = require(actor_of(request), "see_workload")
    number = page_number(request.GET.get("page", ""))
    counted, more = caseload.workload(actor, limit=WORKERS, first=(number - 1) * WORKERS)
    beside = numbered(request.GET, number, more=more)
    return render(request, "casework/my_day/workload.html", {"workload": counted, **beside})
