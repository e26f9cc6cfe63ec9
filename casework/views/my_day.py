"""“My day”: what a worker or a manager does today, in the order in which it matters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from access.actor import Member
from access.categories import Category
from access.first import first_shown
from access.reading import sights
from agencies.models import Agency
from agencies.queries import actor_facts, duty_users, permissions_of, require
from casework.queries import caseload
from casework.views.person import actor_of
from core.clock import instant, today
from core.paging import numbered, page_number
from referrals import queries as referrals
from sharing import coverage, emergencies, protections
from sharing import queries as sharing
from tasking import queries as tasking

WORKERS = 50
"""So many are on one page of how much everybody has to do."""
SHOWN = 10
"""Of each of the things that wait so many open the day, the oldest; it says where the rest is."""
_MOST_DUE = 50
"""So many follow-ups are looked at."""
CASES = 25
"""So many of those whom one leads, the longest without contact."""


def show(request: HttpRequest) -> HttpResponse:
    """The page that opens the day: alerts, tasks, then the caseload or the decisions."""
    actor = actor_of(request)
    may = permissions_of(actor)
    alerts, more_alerts = tasking.own_alerts(actor, limit=SHOWN)
    tasks, more_tasks = tasking.own_tasks(actor, limit=2 * SHOWN)
    context: dict[str, Any] = {
        "may": may,
        "today": today(),
        "now": instant(),
        "agency": Agency.objects.get(pk=actor.agency_id),
        "is_on_duty": actor_facts(actor).on_duty,
        "alerts": alerts,
        "more_alerts": more_alerts,
        "alerts_sent": tasking.raised_alerts(actor)[:5],
        "tasks": tasks,
        "more_tasks": more_tasks,
        "emergencies_owed": emergencies.owed(actor),
        "emergencies_of_led": emergencies.of_led(actor),
        **_caseload(actor),
        **_follow_ups(actor),
    }
    if "decide_referral" in may:
        context |= _to_decide(actor)
    return render(request, "casework/my_day/show.html", context)


def _caseload(actor: Member) -> dict[str, Any]:
    cases = list(caseload.led_by(actor)[: CASES + 1])
    more, cases = len(cases) > CASES, cases[:CASES]
    # Who leads them is who asks.
    found = caseload.rows(
        actor,
        [case.person for case in cases],
        cases={case.person_id: case for case in cases},
        leads=(),
    )
    for row in found:
        row.sight.shows(Category.CONTACT)
    return {"caseload": found, "more_cases": more}


def _follow_ups(actor: Member) -> dict[str, Any]:
    due = list(caseload.follow_ups_due(actor)[: _MOST_DUE + 1])
    seen = sights(actor, {check.person_id for check in due})
    found = ((check, seen[check.person_id]) for check in due)
    beyond = len(due) > _MOST_DUE
    shown, more = first_shown(found, Category.CONTACT, limit=SHOWN, beyond=beyond)
    return {"follow_ups": shown, "more_follow_ups": more}


def _quiet(actor: Member) -> list[caseload.Row]:
    """Whom nobody has been in touch with: itself something about contact."""
    found = caseload.rows(actor, [case.person for case in caseload.quiet(actor)])
    seeing = [row for row in found if row.sight.sees(Category.CONTACT)][:10]
    return [row for row in seeing if row.sight.shows(Category.CONTACT)]


def _to_decide(actor: Member) -> dict[str, Any]:
    """What waits for a manager: the oldest of each, and of which there are more."""
    counted, more_workers = caseload.workload(actor, limit=WORKERS)
    listed = {
        "referrals": referrals.waiting(actor),
        "without_lead": caseload.without_lead(actor),
        "step_downs": caseload.step_downs_waiting(actor),
    }
    read = {name: list(rows[: SHOWN + 1]) for name, rows in listed.items()}
    waiting = {name: (rows[:SHOWN], len(rows) > SHOWN) for name, rows in read.items()} | {
        "overdue": tasking.team_tasks(actor, limit=SHOWN, due_before=today()),
        "decisions": sharing.waiting_for_approval(actor, limit=SHOWN),
        "emergencies": emergencies.to_review(actor, limit=SHOWN),
        "protections_overdue": protections.overdue(actor, limit=SHOWN),
        "share_reviews": sharing.reviews_waiting(actor, limit=SHOWN),
    }
    return {
        "nobody_on_duty": not duty_users(actor.agency_id).exists(),
        **{name: rows for name, (rows, _) in waiting.items()},
        "more": {name: more for name, (_, more) in waiting.items()},
        "agreements_ending": [
            {"row": row, "stops": coverage.stops(row)}
            for row in coverage.ending_soon(actor.agency_id)
        ],
        "quiet": _quiet(actor),
        "workload": counted,
        "more_workers": more_workers,
    }


@require_GET
def workload(request: HttpRequest) -> HttpResponse:
    """How many cases everybody at the agency leads, in pages by name."""
    actor = require(actor_of(request), "see_workload")
    number = page_number(request.GET.get("page", ""))
    counted, more = caseload.workload(actor, limit=WORKERS, first=(number - 1) * WORKERS)
    beside = numbered(request.GET, number, more=more)
    return render(request, "casework/my_day/workload.html", {"workload": counted, **beside})
