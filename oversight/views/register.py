"""The auditor's day and the registers."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from access.actor import Member, NotVisible
from agencies.queries import require
from agencies.submitting import attempt
from core.clock import LONDON
from oversight import copies, paging, queries, scope, tables
from oversight.actions import look
from oversight.actions import view as views
from oversight.forms import (
    AgreementFilter,
    BreakGlassFilter,
    ConsentFilter,
    DecisionFilter,
    EventFilter,
    Filter,
    MatchingFilter,
    ReadFilter,
    SaveViewForm,
)
from oversight.models import SavedView

FILTERS: dict[str, type[Filter]] = {
    "consents": ConsentFilter,
    "decisions": DecisionFilter,
    "reads": ReadFilter,
    "events": EventFilter,
    "agreements": AgreementFilter,
    "break_glass": BreakGlassFilter,
    "exports": ReadFilter,
    "matching": MatchingFilter,
}
TITLES: dict[str, str] = {
    "consents": "Consents",
    "decisions": "Sharing decisions",
    "reads": "Who looked",
    "break_glass": "Emergency access",
    "matching": "Matching requests",
    "exports": "Exports",
    "agreements": "Agreements",
    "events": "Everything that was done",
}
LEADS: dict[str, str] = {
    "consents": "What young people agreed to, whom it opens what to, until when.",
    "decisions": "Shares on another lawful basis, and the decisions not to share.",
    "reads": "Every page or answer that showed more of somebody than whom to ask.",
    "break_glass": "Who opened a record in an emergency, and for how long.",
    "matching": "Who stated facts to find somebody whom they do not see; never what they stated.",
    "exports": "What left as a file: receipts, and records for other systems.",
    "agreements": "What your agency has agreed to share, with whom, until when.",
    "events": "Every action, and every one that was refused.",
}
MOMENTS = {
    "consents": "given_at",
    "decisions": "proposed_at",
    "agreements": "starts",
    "break_glass": "starts",
}
WORK: dict[str, tuple[str, str]] = {
    "samples": ("Samples", "Shares drawn at random or by risk, each with a checklist."),
    "causes": ("For cause", "Everything about one person, after a complaint or a breach."),
    "findings": ("Findings", "What is not as it should be, who answers for it, and by when."),
    "alerts": ("Alerts", "Somebody read of unusually many people in one day."),
    "summary": ("Summary", "A quarter in numbers, to print or to take along."),
}


@require_GET
def my_day(request: HttpRequest) -> HttpResponse:
    """What is new since the auditor's last look, and what waits for too long."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    since = queries.last_look(actor)
    decisions = scope.decisions(actor)
    consents = scope.consents(actor)
    reads = scope.reads(actor).filter(at__gt=since)
    here = since.astimezone(LONDON)
    day = f"{here:%d}", f"{here:%m}", f"{here:%Y}"
    from_then = dict(zip(("since_day", "since_month", "since_year"), day, strict=True))
    items = [
        _item(
            paging.capped(queries.late(decisions)),
            "sharing decisions wait for a second person for more than a day",
            "decisions",
            {"kind": "late"},
            late=True,
        ),
        _item(
            paging.capped(decisions.filter(proposed_at__gt=since, share=True)),
            "sharing decisions were proposed",
            "decisions",
            from_then,
        ),
        _item(
            paging.capped(decisions.filter(proposed_at__gt=since, share=False)),
            "decisions not to share were recorded",
            "decisions",
            from_then | {"kind": "recorded"},
        ),
        _item(
            paging.capped(consents.filter(given_at__gt=since)),
            "consents were recorded",
            "consents",
            from_then,
        ),
        _item(
            paging.capped(consents.filter(withdrawn_at__gt=since)),
            "consents were withdrawn",
            "consents",
            {"kind": "withdrawn"},
        ),
        _item(paging.capped(reads), "times somebody was shown a record", "reads", from_then),
        _item(
            paging.capped(queries.waiting_alerts(actor)),
            "alerts about somebody’s reading wait for an answer",
            "alerts",
            {},
            late=True,
        ),
        _item(
            paging.capped(queries.overdue_findings(actor)),
            "findings are overdue",
            "findings",
            {},
            late=True,
        ),
        _item(
            paging.capped(queries.waiting_causes(actor)),
            "looks for cause wait for a second person",
            "causes",
            {},
        ),
    ]
    return render(
        request,
        "oversight/day/show.html",
        {"since": since, "items": items, "registers": _registers(), "work": work()},
    )


@require_POST
def looked(request: HttpRequest) -> HttpResponse:
    """Have "new" begin now."""
    look.mark_looked(by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, "Marked as looked at. New entries are counted from now.")
    return redirect("oversight:my_day")


@require_GET
def show(request: HttpRequest, register: str) -> HttpResponse:
    """One register: its filters stay until they are cleared."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    here, remembered = reverse(f"oversight:{register}"), f"oversight:{register}"
    if "clear" in request.GET:
        request.session.pop(remembered, None)
        return redirect(here)
    if not request.GET and request.session.get(remembered):
        return redirect(f"{here}?{urlencode(request.session[remembered])}")
    form = FILTERS[register](request.GET)
    asked = form.asked()
    request.session[remembered] = form.values()
    found, source = copies.page(
        actor,
        queries.sources(register, actor, asked),
        form.values() | _cursors(request),
        moment=MOMENTS.get(register, "at"),
    )
    person = scope.find_person(actor, asked.get("person", ""))
    look.read_trail(what=register, person_id=person, by=actor)
    active = [
        {"text": words, "href": f"{here}?{urlencode(form.without(name)) or 'clear='}"}
        for name, words in form.in_words()
    ]
    return render(
        request,
        "oversight/register/show.html",
        {
            "title": TITLES[register],
            "lead": LEADS[register],
            "form": form,
            "active": active,
            "clear_href": f"{here}?clear=",
            "columns": tables.COLUMNS[register],
            "rows": tables.rows(register, actor, found.rows),
            "page": found,
            "source": source,
            "registers": _registers(register),
            "save_href": reverse(f"oversight:save_{register}"),
            "views": _views(actor, register),
            "save_form": SaveViewForm(),
            "may_save": any(name != "person" for name, _ in form.in_words()),
        },
    )


@require_POST
def save_view(request: HttpRequest, register: str) -> HttpResponse:
    """Keep the filters that are chosen now for the team, under a name."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    here = reverse(f"oversight:{register}")
    chosen = FILTERS[register](request.session.get(f"oversight:{register}", {})).right()
    form = SaveViewForm(request.POST)
    if attempt(
        form,
        lambda: views.save(
            register=register, name=form.cleaned_data["name"], filters=chosen, by=actor
        ),
    ):
        messages.success(request, "Saved. Every auditor of your agency has it.")
    else:
        said = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(said))
    return redirect(f"{here}?{urlencode(chosen)}" if chosen else here)


@require_POST
def remove_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Take a saved view away."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    view = SavedView.objects.filter(pk=view_id, agency_id=actor.agency_id).first()
    if view is None:
        raise NotVisible
    views.remove(view=view, by=actor)
    return redirect(f"oversight:{view.register}")


def _views(actor: Member, register: str) -> list[dict[str, object]]:
    there = SavedView.objects.filter(agency_id=actor.agency_id, register=register)
    return [
        {
            "name": view.name,
            "href": f"{reverse(f'oversight:{register}')}?{urlencode(view.filters)}",
            "remove": reverse("oversight:remove_view", args=[view.pk]),
        }
        for view in there.order_by("name")
    ]


def work(current: str = "") -> list[dict[str, object]]:
    """The auditor's work besides the registers, for menus."""
    return [
        {
            "text": text,
            "lead": lead,
            "href": reverse(f"oversight:{name}"),
            "current": name == current,
        }  # fmt: skip
        for name, (text, lead) in WORK.items()
    ]


def _cursors(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("older", "newer") if name in request.GET}


def _registers(current: str = "") -> list[dict[str, object]]:
    return [
        {
            "text": title,
            "href": reverse(f"oversight:{name}"),
            "lead": LEADS[name],
            "current": name == current,
        }
        for name, title in TITLES.items()
    ]


def _item(
    number: str, words: str, register: str, asked: dict[str, str], *, late: bool = False
) -> dict[str, object]:
    """One line of the day: how many of what, and where they are."""
    return {
        "number": number,
        "words": words,
        "href": reverse(f"oversight:{register}") + (f"?{urlencode(asked)}" if asked else ""),
        "late": late and number != "0",
    }
