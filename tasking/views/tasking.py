"""The tasking page: yesterday's actions, what changed, then whom to talk about."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member, NotAllowed, NotVisible
from access.categories import Category
from access.reading import sight
from agencies.colleagues import Offered
from agencies.models import Agency
from agencies.queries import duty_users, permissions_of, require
from agencies.submitting import attempt
from audit import trail
from core.clock import today
from core.errors import Conflict
from core.paging import numbered, page_number
from people import queries as people
from people.areas import boroughs
from people.models import YoungPerson
from sharing.recipients import coworkers
from tasking import changes, queries
from tasking.actions import alert as alerts
from tasking.actions import meeting as meetings
from tasking.actions import ring_me
from tasking.actions import task as tasks
from tasking.enums import AlertLevel, TaskState
from tasking.forms import (
    AgendaForm,
    AnswerForm,
    ChangeTaskForm,
    DecisionForm,
    PresentForm,
    RingMeForm,
    TaskForm,
    TellLeadForm,
)
from tasking.models import AgendaItem, Alert

ALERTS = 50
"""Messages on one page; those that come after them come up as these are seen."""
OWN, TASKS, LAST = 40, 30, 30
"""So many of one's own tasks and of an agency's are on a page; so many pages can be turned to."""


def actor_of(request: HttpRequest) -> Member:
    """The member that the request works as."""
    actor: Member = request.actor  # type: ignore[attr-defined]
    return actor


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Every open task that the actor's agency has set, in pages, and the actor's own."""
    actor = actor_of(request)
    number = min(page_number(request.GET.get("page", "")), LAST)
    team, more = queries.team_tasks(actor, limit=TASKS, first=(number - 1) * TASKS)
    own, more_own = queries.own_tasks(actor, limit=OWN) if number == 1 else ([], False)
    return render(
        request,
        "tasking/task/list.html",
        {
            "own": own,
            "more_own": more_own,
            "team": team,
            "meeting": queries.open_meeting(actor),
            "may": permissions_of(actor),
            "today": today(),
            "me": actor.user_id,
            "page": number,
            "is_cut": more and number == LAST,
            **numbered(request.GET, number, more=more and number < LAST),
        },
    )


@require_GET
def meet(request: HttpRequest) -> HttpResponse:
    """Today's meeting, in the order in which it is held."""
    actor = actor_of(request)
    meeting = queries.open_meeting(actor)
    if meeting is not None and meeting.attendees.filter(user_id=actor.user_id).exists():
        trail.meeting_id.set(meeting.pk)
    last = queries.last_meeting(actor)
    may = permissions_of(actor)
    since = last.closed_at if last else None
    team, more = queries.team_tasks(actor, limit=TASKS)
    items = queries.agenda(actor, meeting) if meeting else []
    about = queries.tasks_about(actor, {item.person_id for item in items})
    return render(
        request,
        "tasking/meeting/today.html",
        {
            "agency": Agency.objects.get(pk=actor.agency_id),
            "meeting": meeting,
            "last": last,
            "may": may,
            "team": team,
            "more_tasks": more,
            "changes": changes.since(actor, since) if since else [],
            "items": [(item, about.get(item.person_id, [])) for item in items],
            "attendees": meeting.attendees.select_related("user", "agency") if meeting else [],
            "add": AgendaForm(),
            "today": today(),
        },
    )


@require_http_methods(["GET", "POST"])
def present(request: HttpRequest) -> HttpResponse:
    """Tick who is in the room: opens the meeting, or adds those who come late."""
    actor = require(actor_of(request), "set_task")
    form = PresentForm(request.POST or None, members=Offered(coworkers(actor), "membership"))
    meeting = queries.open_meeting(actor)

    def go() -> object:
        chosen = [UUID(key) for key in form.cleaned_data["present"]]
        if meeting is None:
            return meetings.open_meeting(present=chosen, by=actor)
        meetings.attend(meeting=meeting, present=chosen, by=actor)
        return meeting

    if request.method == "POST" and attempt(form, go):
        return redirect("tasking_today")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Who is in the room?",
            "button": "Add them" if meeting else "Open the meeting",
            "back": reverse("tasking_today"),
        },
    )


@require_POST
def add_to_agenda(request: HttpRequest) -> HttpResponse:
    """Put somebody on the agenda."""
    actor = require(actor_of(request), "set_task")
    meeting = queries.open_meeting(actor)
    if meeting is None:
        raise NotVisible
    form = AgendaForm(request.POST)

    def add() -> AgendaItem:
        person = people.load(actor, form.cleaned_data["person"]).person
        return meetings.add_person(
            meeting=meeting, person=person, why=form.cleaned_data["why"], by=actor
        )

    try:
        done = attempt(form, add)
    except (NotVisible, NotAllowed):
        done = None
        form.add_error("person", "There is nobody with this reference whom you can add")
    if done:
        return redirect("tasking_today")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Put somebody on the agenda",
            "button": "Add",
            "back": reverse("tasking_today"),
        },
    )


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what the meeting decided about somebody."""
    actor = actor_of(request)
    item = (
        AgendaItem.objects.visible_to(actor)
        .filter(pk=key)
        .select_related("person", "meeting")
        .first()
    )
    if item is None or not sight(actor, item.person_id).shows(Category.TASKING):
        raise NotVisible
    require(actor, "set_task")
    if item.meeting.agency_id != actor.agency_id:
        raise NotAllowed
    form = DecisionForm(request.POST or None, initial={"decision": item.decision})
    if request.method == "POST" and attempt(
        form, lambda: meetings.decide(item=item, decision=form.cleaned_data["decision"], by=actor)
    ):
        return redirect("tasking_today")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": f"Decision about {item.person.called}",
            "button": "Save",
            "back": reverse("tasking_today"),
            "category": Category.TASKING,
        },
    )


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the meeting; undone tasks carry forward."""
    actor = require(actor_of(request), "set_task")
    meeting = queries.open_meeting(actor)
    if meeting is None:
        raise NotVisible
    meetings.close(meeting=meeting, by=actor)
    messages.success(request, "The meeting is over. Tasks that are not done carry forward.")
    return redirect("tasking_today")


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Set a task about somebody."""
    seen = people.load(actor_of(request), reference)
    actor = require(actor_of(request), "set_task")
    if not seen.sight.may_write(Category.TASKING):
        raise NotAllowed
    owners = Offered(coworkers(actor), "membership")
    form = TaskForm(
        request.POST or None,
        owners=owners,
        sight=seen.sight,
        initial={"due_on": today(), "kind": "tasking"},
    )
    meeting = queries.open_meeting(actor)

    def go() -> object:
        owner = owners.one(form.cleaned_data["owner"])
        return tasks.assign(
            person=seen.person,
            what=form.cleaned_data["what"],
            owner_id=owner.user,
            owner_agency_id=owner.agency,
            due_on=form.cleaned_data["due_on"],
            kind=form.cleaned_data["kind"],
            also=[Category(name) for name in form.cleaned_data["also"]],
            meeting=meeting,
            key=form.cleaned_data["key"],
            by=actor,
        )

    if request.method == "POST" and attempt(form, go):
        messages.success(request, "The task is set.")
        return redirect("tasking_today" if meeting else "tasking")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Set a task",
            "button": "Set the task",
            "back": reverse("person", args=[seen.person.reference]),
            "person_bar": _bar(seen.person),
            "category": Category.TASKING,
        },
    )


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, key: UUID) -> HttpResponse:
    """A task and what was said of it; its owner accepts it, does it, or says what blocks it."""
    actor = actor_of(request)
    task = queries.load_task(actor, key)
    seen = sight(actor, task.person_id)
    seen.shows(task.category)
    shown = {
        "task": task,
        "answers": queries.answers(task, seen),
        "person_bar": _bar(task.person),
        "category": task.category,
    }
    if task.owner_id != actor.user_id or task.closed_at is not None:
        if request.method == "POST":
            if task.owner_id != actor.user_id:
                raise NotAllowed
            raise Conflict("This task is over.")
        back = reverse("my_day" if task.owner_id == actor.user_id else "tasking")
        return render(request, "tasking/task/show.html", {**shown, "back": back})
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda: tasks.answer(task=task, **form.cleaned_data, by=actor)
    ):
        messages.success(request, "Saved. Whoever set the task can read it.")
        return redirect("my_day")
    return render(
        request,
        "tasking/task/answer.html",
        {
            **shown,
            "form": form,
            "heading": task.what,
            "button": "Save",
            "back": reverse("my_day"),
        },
    )


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a task to somebody else, or cancel it."""
    task = queries.load_task(actor_of(request), key)
    actor = require(actor_of(request), "set_task")
    seen = sight(actor, task.person_id)
    if task.agency_id != actor.agency_id or not seen.may_write(task.category):
        raise NotAllowed
    seen.shows(task.category)
    owners = Offered(coworkers(actor), "membership")
    form = ChangeTaskForm(request.POST or None, owners=owners)

    def go() -> object:
        if form.cleaned_data["change"] == "cancel":
            words = form.cleaned_data["words"]
            return tasks.answer(task=task, state=TaskState.CANCELLED, words=words, by=actor)
        owner = owners.one(form.cleaned_data["owner"])
        return tasks.move(task=task, owner_id=owner.user, owner_agency_id=owner.agency, by=actor)

    if request.method == "POST" and attempt(form, go):
        messages.success(request, "The task is changed. What it opened to its owner has ended.")
        return redirect("tasking")
    return render(
        request,
        "tasking/task/answer.html",
        {
            "form": form,
            "task": task,
            "answers": queries.answers(task, seen),
            "heading": task.what,
            "intro": "What the task opens to its owner ends with it, or goes to the new owner.",
            "button": "Save",
            "back": reverse("tasking"),
            "person_bar": _bar(task.person),
            "category": task.category,
        },
    )


@require_http_methods(["GET", "POST"])
def tell_lead(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the lead now: open to everybody who sees that the person exists here."""
    seen = people.load(actor_of(request), reference)
    actor = require(actor_of(request), "tell_lead")
    form = TellLeadForm(request.POST or None)
    if request.method == "POST" and (
        sent := attempt(
            form, lambda: alerts.tell_lead(person=seen.person, **form.cleaned_data, by=actor)
        )
    ):
        messages.success(request, f"Sent. “My day” shows when it was seen. {_on_its_way(sent)}")
        return redirect("person", reference=seen.person.reference)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Tell the lead worker now",
            "intro": "It opens nothing to you. If somebody may be hurt today, call 999 first.",
            "button": "Send",
            "back": reverse("person", args=[seen.person.reference]),
            "draft_key": f"tell-{seen.person.reference}",
            "person_bar": _bar(seen.person),
        },
    )


@require_http_methods(["GET", "POST"])
def ring(request: HttpRequest) -> HttpResponse:
    """Ring me: the page and its answer are the same, whoever it is about."""
    actor = require(actor_of(request), "tell_lead")
    form = RingMeForm(request.POST or None, areas=boroughs())
    if request.method == "POST" and attempt(
        form,
        lambda: ring_me.ask(
            facts=form.facts(),
            callback=form.cleaned_data["callback"],
            message=form.cleaned_data["message"],
            key=form.cleaned_data["key"],
            by=actor,
        ),
    ):
        messages.success(request, "Sent. If anybody knows this young person, they ring you.")
        return redirect("my_day")
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Have somebody who knows them ring you",
            "intro": "For a young person who is with you now. It opens nothing to you. If nobody"
            " rings within 15 minutes, make a referral. If somebody may be hurt, call 999 first.",
            "button": "Send",
            "back": "/",
        },
    )


@require_POST
def see_alert(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that an alert has been seen: it climbs no further.

    It leads to where it stands for a day more, with the number to ring.
    """
    actor = actor_of(request)
    alerts.see(alert=queries.load_alert(actor, key), by=actor)
    return redirect("alerts")


@require_GET
def list_alerts(request: HttpRequest) -> HttpResponse:
    """What needs the actor now: unseen messages, the oldest first; then those just seen."""
    actor = actor_of(request)
    found, more = queries.own_alerts(actor, limit=ALERTS)
    return render(
        request,
        "tasking/alert/list.html",
        {"alerts": found, "more": more, "seen": queries.alerts_just_seen(actor, limit=ALERTS)},
    )


def _on_its_way(alert: Alert) -> str:
    """To whom an alert goes next, as that agency's rota is now; whoever it is about."""
    if alert.level == AlertLevel.LEAD:
        if duty_users(alert.agency_id).exists():
            return "Unseen, it goes to whoever is on duty after 15 minutes, to a manager after 30."
        return "Unseen, it goes to a manager after 15 minutes: nobody is on duty there now."
    if alert.level == AlertLevel.DUTY:
        return "It is with whoever is on duty. Unseen, it goes to a manager after 30 minutes."
    return "It is with a manager. Unseen, it goes to every manager there after 60 minutes."


def _bar(person: YoungPerson) -> dict[str, object]:
    return {"name": person.name, "reference": person.reference, "facts": []}
