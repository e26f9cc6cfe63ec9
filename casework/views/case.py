"""Cases: the list, the lead worker, the team, step-down, closing and reopening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access import places
from access.actor import Member, NotAllowed, NotVisible
from access.bases import Basis
from access.categories import Category
from access.reading import Sight, sight
from agencies.colleagues import Colleague, Colleagues, Offered, by_name
from agencies.models import Agency
from agencies.queries import permissions_of, require
from agencies.submitting import attempt, saved
from casework.actions import lead as leads
from casework.actions import opening
from casework.actions import step_down as step_downs
from casework.enums import CaseState, StepDownState
from casework.forms import (
    AssignForm,
    CasesForm,
    CloseForm,
    CoverForm,
    DecideForm,
    FollowUpForm,
    ReopenForm,
    StepDownForm,
    TeamForm,
)
from casework.models import Case, FollowUp, StepDown
from casework.queries import caseload, lines, record
from casework.views.person import actor_of, form_page, person_bar
from core.clock import LONDON, today
from core.errors import Conflict
from core.paging import numbered, page_number
from directory.queries import taking_step_downs
from people import queries as people
from sharing.recipients import coworkers
from tasking.queries import open_tasks_about

PAGE = 25
OPEN_STATES = [state for state in CaseState.choices if state[0] != CaseState.CLOSED]


@require_GET
def list_cases(request: HttpRequest) -> HttpResponse:
    """Cases that the actor sees, with the last and the next contact."""
    actor = actor_of(request)
    form = CasesForm(request.GET, states=[*OPEN_STATES, (CaseState.CLOSED, "Closed")])
    form.is_valid()
    state, which = form.cleaned_data.get("state"), form.cleaned_data.get("show")
    if which == "mine":
        context = _led(request, actor, state)
    else:
        after, back = places.asked(request.GET)
        shown, page = lines.page_of_cases(
            actor,
            states=[state] if state else lines.OPEN,
            own=which == "agency",
            limit=PAGE,
            after=after,
            back=back,
        )
        context = {"lines": shown, **places.links(request.GET, page)}
    return render(request, "casework/case/list.html", {"form": form, "today": today(), **context})


def _led(request: HttpRequest, actor: Member, state: str | None) -> dict[str, Any]:
    """The cases that the actor leads, the longest without contact first, by number of page."""
    found = caseload.led_by(actor)
    if state:
        found = found.filter(state=state)
    number = page_number(request.GET.get("page", ""))
    listed = list(found[(number - 1) * PAGE : number * PAGE + 1])
    return {
        "lines": lines.of_cases(actor, listed[:PAGE]),
        **numbered(request.GET, number, more=len(listed) > PAGE),
    }


def _load(request: HttpRequest, reference: str) -> tuple[Case, Sight, people.Seen]:
    case, seen = caseload.load(actor_of(request), reference)
    return case, seen, people.Seen(case.person, seen)


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: where it stands, who leads, what can be done next."""
    actor = actor_of(request)
    case, seen, whole = _load(request, reference)
    lead = caseload.current_lead(actor, case.person_id)
    own = case.agency_id == actor.agency_id and seen.may_write(Category.POINTER)
    may = permissions_of(actor)
    step_down = record.step_down_of(actor, seen, case)
    return render(
        request,
        "casework/case/show.html",
        {
            "case": case,
            "identity": seen.shows(Category.IDENTITY),
            "lead": lead,
            # Who leads now is part of the pointer; who once did is not.
            "leads": case.lead_periods.visible_to(actor).select_related("worker", "assigned_by")
            if seen.shows(Category.IDENTITY)
            else [],
            "team": record.team(actor, seen, addresses=own and "assign_lead" in may),
            "step_down": step_down,
            "follow_ups": [
                check
                for check in FollowUp.objects.visible_to(actor)
                .filter(case=case)
                .select_related("owner", "done_by")
                if seen.shows(Category.CONTACT)
            ],
            "own": own,
            "is_lead": lead is not None and lead.worker_id == actor.user_id,
            "may": may,
            "person_bar": person_bar(whole),
            "proposed_by_me": step_down is not None and step_down.proposed_by_id == actor.user_id,
            "waiting": step_down is not None and step_down.state == StepDownState.PROPOSED,
            "today": today(),
        },
    )


def _colleagues(actor: Member, *without: UUID) -> Colleagues:
    """Who works at the actor's agency, but for the actor and these users."""
    return Colleagues(frozenset({actor.agency_id}), frozenset({actor.user_id, *without}))


def _with_load(actor: Member, found: Sequence[Colleague]) -> list[str]:
    """Each by name and role, and how many cases they lead."""
    load = caseload.led(actor, [one.user for one in found])
    return [f"{one.who} ({one.role}, leads {load.get(one.user, 0)})" for one in found]


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Assign the lead worker; of two managers at once one wins, the other is told."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "assign_lead")
    _require_own(case, seen, actor)
    lead = caseload.current_lead(actor, case.person_id)
    leading = str(lead.worker_id) if lead else ""
    # Where another has been assigned meanwhile, the action says so, whoever was chosen.
    overtaken = request.method == "POST" and request.POST.get("replacing", "") != leading
    others = _colleagues(actor, *([lead.worker_id] if lead and not overtaken else []))
    form = AssignForm(
        request.POST or None,
        workers=Offered(others, "user", partial(_with_load, actor)),
        initial={"replacing": lead.worker_id if lead else None},
    )
    if request.method == "POST" and form.is_valid():
        # A refusal that somebody else was quicker is a page of its own: 409.
        leads.assign(
            case=case,
            worker_id=UUID(form.cleaned_data["worker"]),
            replacing=form.cleaned_data["replacing"],
            by=actor,
        )
        messages.success(request, "The lead worker is assigned.")
        return redirect("case", reference=case.reference)
    heading = "Hand over the lead" if lead else "Assign the lead worker"
    intro = f"{lead.worker} leads now, and will still read the record for 14 days." if lead else ""
    return form_page(request, whole, form, heading, heading, intro=intro, back=_back(case))


@require_http_methods(["GET", "POST"])
def join_team(request: HttpRequest, reference: str) -> HttpResponse:
    """Have a named worker join the team."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "assign_lead")
    _require_own(case, seen, actor)
    others = replace(coworkers(actor), without=frozenset({actor.user_id}))
    workers = Offered(others, "membership")
    form = TeamForm(request.POST or None, workers=workers)

    def go() -> object:
        joins = workers.one(form.cleaned_data["worker"])
        return leads.join_team(
            case=case,
            agency=Agency.objects.get(pk=joins.agency),
            worker_id=joins.user,
            categories=[Category(name) for name in form.cleaned_data["categories"]],
            ends=_end_of(form.cleaned_data["until"]),
            by=actor,
        )

    if request.method == "POST" and attempt(form, go):
        return redirect("case", reference=case.reference)
    return form_page(request, whole, form, "Add somebody to the team", "Add", back=_back(case))


@require_http_methods(["GET", "POST"])
def leave_team(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """End somebody's place on the team, or their cover, after a question."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "assign_lead")
    _require_own(case, seen, actor)
    team = record.team(actor, seen, addresses=True)
    row = next((one for one in team if one.pk == key and one.basis != Basis.LEAD), None)
    if row is None:
        raise NotVisible
    if request.method == "POST":
        leads.leave_team(row=row, by=actor)
        messages.success(request, "They no longer see the record on this basis.")
        return redirect("case", reference=case.reference)
    what = "cover" if row.basis == Basis.COVER else "place"
    return render(
        request,
        "casework/case/leave_team.html",
        {
            "question": f"End {row.worker}’s {what} now?",
            "cancel_href": _back(case),
            "person_bar": person_bar(whole),
        },
    )


@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, reference: str) -> HttpResponse:
    """Have somebody cover while the lead is away."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "assign_lead")
    _require_own(case, seen, actor)
    lead = caseload.current_lead(actor, case.person_id)
    others = _colleagues(actor, *([lead.worker_id] if lead else []))
    form = CoverForm(request.POST or None, workers=Offered(others, "user", by_name))
    if request.method == "POST" and attempt(
        form,
        lambda: leads.cover(
            case=case,
            worker_id=UUID(form.cleaned_data["worker"]),
            ends=_end_of(form.cleaned_data["until"]),  # type: ignore[arg-type]
            by=actor,
        ),
    ):
        return redirect("case", reference=case.reference)
    return form_page(request, whole, form, "Cover for the lead", "Save", back=_back(case))


@require_http_methods(["GET", "POST"])
def propose_step_down(request: HttpRequest, reference: str) -> HttpResponse:
    """The lead proposes the move to a service that has said yes."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "propose_step_down")
    lead = caseload.current_lead(actor, case.person_id)
    if lead is None or lead.worker_id != actor.user_id:
        raise NotAllowed
    services = list(taking_step_downs())
    form = StepDownForm(
        request.POST or None,
        sight=seen,
        services=[
            (str(service.pk), f"{service.name} – {service.organization}") for service in services
        ],
    )
    key = f"step-down-{case.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: step_downs.propose(
            case=case,
            service=next(one for one in services if str(one.pk) == form.cleaned_data["service"]),
            categories=[Category(name) for name in form.cleaned_data["categories"]],
            **{
                name: form.cleaned_data[name]
                for name in (
                    "service_contact",
                    "said_yes_on",
                    "said_yes_by",
                    "first_attendance_on",
                    "why",
                )
            },
            by=actor,
        ),
    ):
        messages.success(request, "Proposed. A manager decides.")
        return saved(redirect("case", reference=case.reference), request, key)
    return form_page(
        request,
        whole,
        form,
        "Propose a step-down",
        "Propose",
        key,
        back=_back(case),
        intro="To a named service that has said yes. Somebody else approves it.",
    )


@require_http_methods(["GET", "POST"])
def decide_step_down(request: HttpRequest, reference: str) -> HttpResponse:
    """A manager approves or refuses; never who proposed it."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "approve_step_down")
    _require_own(case, seen, actor)
    found: StepDown | None = record.step_down_of(actor, seen, case)
    if found is None:
        raise NotVisible
    form = DecideForm(request.POST or None)
    key = f"decide-step-down-{case.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: step_downs.decide(
            step_down=found,
            approve=form.cleaned_data["decision"] == "approve",
            reason=form.cleaned_data["reason"],
            by=actor,
        ),
    ):
        return saved(redirect("case", reference=case.reference), request, key)
    return form_page(
        request,
        whole,
        form,
        "Decide on the step-down",
        "Decide",
        key,
        back=_back(case),
        step_down=found,
        template="casework/case/decide_step_down.html",
    )


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close a case with a reason."""
    case, seen, whole = _load(request, reference)
    actor = require(actor_of(request), "approve_step_down")
    _require_own(case, seen, actor)
    form = CloseForm(request.POST or None)
    key = f"close-{case.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: step_downs.close(
            case=case,
            reason=form.cleaned_data["close_reason"],
            note=form.cleaned_data["note"],
            by=actor,
        ),
    ):
        messages.success(request, "The case is closed.")
        return saved(redirect("case", reference=case.reference), request, key)
    waiting = open_tasks_about(actor, seen)
    return form_page(
        request,
        whole,
        form,
        "Close the case",
        "Close the case",
        key,
        back=_back(case),
        warnings=[_still_open(waiting)] if waiting else [],
        intro="The team stops seeing the record at once. Managers and the last lead worker can"
        " still read it. After an approved step-down the lead goes on logging the follow-up.",
        dangerous=True,
    )


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Reopen as a new episode."""
    case, _, whole = _load(request, reference)
    actor = require(actor_of(request), "reopen_case")
    if case.agency_id != actor.agency_id:
        raise NotAllowed
    if case.is_open:
        raise Conflict("This case is open.")
    form = ReopenForm(request.POST or None)
    key = f"reopen-{case.reference}"
    if request.method == "POST":
        opened = attempt(
            form,
            lambda: opening.reopen(case=case, reason=form.cleaned_data["reason"], by=actor),
        )
        if opened is not None:
            return saved(redirect("assign_lead", reference=opened.reference), request, key)
    return form_page(
        request, whole, form, "Reopen as a new episode", "Reopen", key, back=_back(case)
    )


@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record what a follow-up found."""
    actor = actor_of(request)
    check = (
        FollowUp.objects.visible_to(actor).filter(pk=key).select_related("person", "case").first()
    )
    if check is None:
        raise NotVisible
    seen = sight(actor, check.person_id)
    if not seen.shows(Category.CONTACT):
        raise NotVisible
    if not seen.may_write(Category.CONTACT, Category.SAFETY):
        raise NotAllowed
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda: step_downs.follow_up(check=check, **form.cleaned_data, by=actor)
    ):
        return redirect("my_day")
    return form_page(
        request,
        people.Seen(check.person, seen),
        form,
        f"Follow-up at {check.weeks} weeks",
        "Save",
        back=reverse("my_day"),
    )


def _still_open(tasks: int) -> str:
    if tasks == 1:
        return "A task about them is still open. It stays with its owner until it is done."
    return (
        f"{tasks} tasks about them are still open. They stay with their owners until they are done."
    )


def _require_own(case: Case, seen: Sight, actor: Member) -> None:
    if case.agency_id != actor.agency_id or not seen.may_write(Category.POINTER):
        raise NotAllowed


def _end_of(day: date | None) -> datetime | None:
    """The midnight after a day, London time."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LONDON)


def _back(case: Case) -> str:
    return reverse("case", args=[case.reference])
