"""Pages on which services are found, read and kept up to date."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Actor, NotVisible
from agencies.queries import may
from core.clock import today
from core.errors import Invalid
from core.versions import Stale
from directory import areas, queries
from directory.actions import service as actions
from directory.enums import Status
from directory.forms import ANY, SearchForm, ServiceForm, initial_of
from directory.models import Service

PER_PAGE = 20
LAST_PAGE = 500
DEFAULTS = {"status": Status.ACTIVE.value, "area": ANY}
FILTERS = ("text", "age", "area", "status", "step_downs")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The services that fit what was asked; running ones unless another status is chosen."""
    form = SearchForm(_asked(request))
    number = _page_number(request)
    found: list[Service] = []
    if form.is_valid():
        start = (number - 1) * PER_PAGE
        # One more than is shown tells whether there is a next page, without counting.
        found = list(_find(form)[start : start + PER_PAGE + 1])
    kept = _kept(request)
    return render(
        request,
        "directory/service/list.html",
        {
            "form": form,
            "services": found[:PER_PAGE],
            "active": _active(form, kept) if form.is_valid() else [],
            "clear_href": reverse("directory"),
            "kept": urlencode(kept),
            "number": number,
            "previous": _page_href(kept, number - 1) if number > 1 else "",
            "next": _page_href(kept, number + 1) if len(found) > PER_PAGE else "",
            "may_edit": may(_actor(request), "edit_directory"),
        },
    )


@require_GET
def show(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One service: who it is for, when, where, how to apply, whom to ask."""
    kept = urlencode(_kept(request))
    return render(
        request,
        "directory/service/show.html",
        {
            **_page(service_id),
            "back": f"{reverse('directory')}{'?' + kept if kept else ''}",
            "may_edit": may(_actor(request), "edit_directory"),
        },
    )


@require_GET
def paper(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """The same for paper: something to hand over."""
    return render(request, "directory/service/print.html", _page(service_id))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a service."""
    actor = _actor(request)
    actions.may_edit(actor)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service = actions.add(
                organization=None,
                new_organization=form.cleaned_data["organization"],
                values=form.values,
                details=form.details,
                by=actor,
            )
        except Invalid as error:
            _tell(form, error)
        else:
            messages.success(request, f"{service.name} is in the directory.")
            return redirect("directory_service", service.pk)
    return render(
        request,
        "directory/service/edit.html",
        {"form": form, "heading": "Add a service", "back": reverse("directory")},
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Change a service. What somebody else has changed meanwhile is not overwritten unseen."""
    actor = _actor(request)
    actions.may_edit(actor)
    service = _page(service_id)["service"]
    form = ServiceForm(request.POST or None, service=service, initial=initial_of(service))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(
                service_id=service.pk,
                version=form.cleaned_data["version"] or 0,
                values=form.values,
                details=form.details,
                by=actor,
            )
        except Stale:
            form, status = _compare(request, service), 412
        except Invalid as error:
            _tell(form, error)
        else:
            messages.success(request, "The changes are saved.")
            return redirect("directory_service", service.pk)
    return render(
        request,
        "directory/service/edit.html",
        {
            "form": form,
            "service": service,
            "heading": f"Change {service.name}",
            "back": reverse("directory_service", args=[service.pk]),
        },
        status=status,
    )


@require_POST
def checked(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Say that all of this was checked today."""
    actions.mark_checked(service_id=service_id, by=_actor(request))
    messages.success(request, "Marked as checked today.")
    return redirect("directory_service", service_id)


def _actor(request: HttpRequest) -> Any:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _page(service_id: UUID) -> dict[str, Any]:
    service = queries.service(service_id)
    if service is None:
        raise NotVisible
    ended = service.funding_ends_on is not None and service.funding_ends_on < today()
    return {"service": service, "funding_ended": ended}


def _asked(request: HttpRequest) -> dict[str, str]:
    return {**DEFAULTS, **dict(_kept(request))}


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The filters that were asked for, to be carried along in every link."""
    return [(name, value) for name in FILTERS if (value := request.GET.get(name, ""))]


def _page_number(request: HttpRequest) -> int:
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1
    return min(max(number, 1), LAST_PAGE)


def _page_href(kept: list[tuple[str, str]], number: int) -> str:
    return f"?{urlencode([*kept, ('page', str(number))])}"


def _find(form: SearchForm) -> Any:
    asked = form.cleaned_data
    return queries.find(
        asked["text"],
        age=asked["age"],
        area="" if asked["area"] == ANY else asked["area"],
        status="" if asked["status"] == ANY else asked["status"] or Status.ACTIVE,
        step_downs=asked["step_downs"],
    )


def _active(form: SearchForm, kept: list[tuple[str, str]]) -> list[dict[str, str]]:
    """The filters in words, each with the address of the list without it."""
    asked = form.cleaned_data
    words = {
        "text": f"“{asked['text']}”",
        "age": f"Age {asked['age']}",
        "area": areas.BOROUGHS.get(asked["area"], ""),
        "status": dict(form.fields["status"].choices).get(asked["status"], ""),  # type: ignore[attr-defined]
        "step_downs": "Takes step-downs",
    }
    return [
        {
            "text": words[name],
            "href": f"?{urlencode([pair for pair in kept if pair[0] != name])}",
        }
        for name, _ in kept
        if asked[name] != DEFAULTS.get(name)
    ]


def _tell(form: ServiceForm, error: Invalid) -> None:
    for name, said in error.errors.items():
        form.add_error(name if name in form.fields else None, said)


def _compare(request: HttpRequest, service: Service) -> ServiceForm:
    """The form as typed, naming what somebody else has changed; saving again overwrites it."""
    service.refresh_from_db()
    now = initial_of(service)
    typed = request.POST.copy()
    typed["version"] = str(service.version)
    form = ServiceForm(typed, service=service, initial=now)
    differing = ", ".join(
        str(form.fields[name].label)
        for name in form.changed_data
        if name in form.fields and name != "version"
    )
    form.add_error(
        None,
        "Somebody has changed this service since you opened it. What you typed is below and "
        f"is not saved yet. It differs from what is there now in: {differing or 'nothing'}",
    )
    return form
