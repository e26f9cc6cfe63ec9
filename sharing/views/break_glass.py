"""Emergency access: asking for it, accounting for it, reviewing it."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from access.actor import Member
from agencies.middleware import acting
from agencies.queries import require
from agencies.submitting import attempt, saved
from core.clock import instant
from people.areas import boroughs
from sharing import emergencies
from sharing.actions import break_glass
from sharing.emergency_forms import AccountForm, EmergencyForm, ReviewForm
from sharing.models import BreakGlass

NOBODY = (
    "No record was opened. Nobody fits, or what you know fits more than one person. Try another"
    " fact, or leave a number so that whoever knows this young person rings you."
)

DRAFT = "emergency-access"
"""What was typed is there again after confirming who it is."""


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for emergency access; whatever is behind a no, the page is the same."""
    member = require(acting(request), "break_glass")
    if request.method == "GET" and not break_glass.stepped_up(member, instant()):
        return _confirm_first(request)
    form = EmergencyForm(request.POST or None, areas=boroughs())
    if request.method == "POST":
        asked = attempt(form, lambda: (_open(form, member),))
        if asked is not None:
            [opened] = asked
            if opened is not None:
                messages.success(request, "The record is open to you. Your access is on record.")
                return saved(redirect("person", opened.person.reference), request, DRAFT)
            form.add_error(None, NOBODY)
    return render(
        request,
        "sharing/break_glass/ask.html",
        {
            "form": form,
            "heading": "Open a record in an emergency",
            "button": "Open the record",
            "dangerous": True,
            "back": "/",
            "draft_key": DRAFT,
            "confirm": _confirm_address(request),
            "suspended": emergencies.is_suspended(member),
            "owed": emergencies.owed(member),
        },
    )


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """One emergency access: to account for, or to review."""
    member = acting(request)
    found = emergencies.load(member, key)
    row = found.row
    form: AccountForm | ReviewForm | None = None
    if found.mine and row.accounted_at is None:
        form = AccountForm(request.POST or None)
    elif not found.mine and row.reviewed_at is None:
        form = ReviewForm(request.POST or None)
    if request.method == "POST" and form is not None:
        done = attempt(form, lambda: _save(found, form, member))
        if done is not None:
            messages.success(request, "Saved.")
            return redirect("my_day")
    return render(
        request,
        "sharing/break_glass/show.html",
        {
            "found": found,
            "row": row,
            "form": form,
            "heading": "Account for emergency access" if found.mine else "Review emergency access",
            "button": "Save",
            "back": "/",
        },
    )


@require_POST
def finish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close the record before its time."""
    member = acting(request)
    found = emergencies.load(member, key)
    break_glass.finish(row=found.row, by=member)
    messages.success(request, "The record is closed to you again.")
    return redirect("emergency", key)


def _open(form: EmergencyForm, member: Member) -> BreakGlass | None:
    return break_glass.open_record(
        facts=form.facts(),
        risk=form.cleaned_data["risk"],
        reason=form.cleaned_data["reason"],
        shift_ends=form.until(),
        by=member,
    )


def _save(
    found: emergencies.Emergency, form: AccountForm | ReviewForm, member: Member
) -> BreakGlass:
    if isinstance(form, AccountForm):
        return break_glass.account(row=found.row, words=form.cleaned_data["account"], by=member)
    return break_glass.review(
        row=found.row,
        outcome=form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
        by=member,
    )


def _confirm_address(request: HttpRequest) -> str:
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}"


def _confirm_first(request: HttpRequest) -> HttpResponse:
    return redirect(_confirm_address(request))
