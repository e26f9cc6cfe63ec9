"""Bars and restrictions: recorded, reviewed and lifted by managers of the lead agency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, NotAllowed
from access.categories import Category
from agencies.models import User
from agencies.queries import permissions_of, require
from agencies.submitting import attempt
from core.forms import GovukForm
from people import queries as people
from sharing import protections
from sharing.actions import protection
from sharing.models import Bar, Restriction
from sharing.protection_forms import BarForm, LiftForm, RestrictForm, ReviewedForm
from sharing.views.loading import actor_of, bar, load, pages

NEEDS = {"bar": "bar_user", "restriction": "restrict_person"}


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What protects this record: who is barred, and whether it is restricted."""
    seen, actor = _manages(request, reference, "bar_user")
    bars, restriction = protections.of_person(actor, seen.sight)
    return render(
        request,
        "sharing/protection/show.html",
        {
            "person": seen.person,
            "bar": bar(seen),
            "pages": pages(seen.person.reference),
            "bars": bars,
            "restriction": restriction,
            "may_restrict": "restrict_person" in permissions_of(actor),
        },
    )


@require_http_methods(["GET", "POST"])
def add_bar(request: HttpRequest, reference: str) -> HttpResponse:
    """Make sure that a user never sees this record."""
    seen, actor = _manages(request, reference, "bar_user")
    form = BarForm(request.POST or None, me=actor.user_id)
    return _ask(
        request,
        seen,
        form,
        lambda: protection.bar(
            person=seen.person,
            user=User.objects.get(pk=form.cleaned_data["user"]),
            reason=form.cleaned_data["reason"],
            review_on=form.cleaned_data["review_on"],
            by=actor,
        ),
        heading="Bar somebody from this record",
        intro="At once and everywhere: lists, counts, searches, exports. Nothing overrides it.",
        button="Bar them now",
        done="Barred. They can’t find this record from now on.",
    )


@require_http_methods(["GET", "POST"])
def restrict(request: HttpRequest, reference: str) -> HttpResponse:
    """Show this record only to the workers named on it."""
    seen, actor = _manages(request, reference, "restrict_person")
    form = RestrictForm(request.POST or None)
    return _ask(
        request,
        seen,
        form,
        lambda: protection.restrict(person=seen.person, by=actor, **form.cleaned_data),
        heading="Restrict this record to named workers",
        intro="Managers and duty workers who are not named on it no longer find it. At least two"
        " named workers, one of them a manager, have to be on it.",
        button="Restrict it now",
        done="Restricted to those named on it.",
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Write down that it was reviewed and still holds."""
    row, seen, actor = _load(request, kind, key)
    form = ReviewedForm(request.POST or None)
    return _ask(
        request,
        seen,
        form,
        lambda: protection.review(row=row, review_on=form.cleaned_data["review_on"], by=actor),
        heading="It still holds",
        intro="You have looked at it again, and it is still needed.",
        button="Reviewed",
        done="The review is written down.",
    )


@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Lift a bar or a restriction."""
    row, seen, actor = _load(request, kind, key)
    form = LiftForm(request.POST or None)
    act: Any = protection.lift_bar if isinstance(row, Bar) else protection.lift_restriction
    return _ask(
        request,
        seen,
        form,
        lambda: act(row=row, words=form.cleaned_data["words"], by=actor) or True,
        heading="Lift the bar?" if isinstance(row, Bar) else "Lift the restriction?",
        intro="Who may then see the record sees it at once.",
        button="Lift it now",
        done="Lifted.",
        dangerous=True,
    )


def _manages(request: HttpRequest, reference: str, permission: str) -> tuple[people.Seen, Member]:
    seen = load(request, reference)
    actor = require(actor_of(request), permission)
    if not seen.sight.may_write(Category.SAFETY):
        raise NotAllowed
    protections.of_person(actor, seen.sight)
    return seen, actor


def _load(
    request: HttpRequest, kind: str, key: UUID
) -> tuple[Bar | Restriction, people.Seen, Member]:
    row, sight = protections.load(actor_of(request), kind, key)
    actor = require(actor_of(request), NEEDS[kind])
    if not sight.may_write(Category.SAFETY):
        raise NotAllowed
    return row, people.Seen(row.person, sight), actor


def _ask(
    request: HttpRequest,
    seen: people.Seen,
    form: GovukForm,
    act: Callable[[], object],
    *,
    heading: str,
    intro: str,
    button: str,
    done: str,
    dangerous: bool = False,
) -> HttpResponse:
    back = reverse("protection", args=[seen.person.reference])
    if request.method == "POST" and attempt(form, act):
        messages.success(request, done)
        return redirect(back)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "person_bar": bar(seen),
            "category": "safety",
            "heading": heading,
            "intro": intro,
            "button": button,
            "dangerous": dangerous,
            "back": back,
        },
    )
