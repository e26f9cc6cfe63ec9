"""The safe address: after stepping up, for a purpose, one at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access.actor import Member, NotAllowed, NotVisible
from access.categories import Category
from access.reading import Sight, sight
from agencies.middleware import acting
from agencies.queries import may
from agencies.submitting import attempt
from core.clock import instant
from people import queries as people
from people.actions import safe_address
from sharing import recipients, showings
from sharing.actions import break_glass
from sharing.actions import release as releases
from sharing.consent_forms import end_of
from sharing.models import SafeAddressRelease
from sharing.safe_address_forms import AddressForm, DecideForm, PurposeForm, ReleaseForm
from sharing.views.loading import bar


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the purpose, then show the address in this one answer."""
    seen, member = _load(request, reference)
    if (away := _confirm(request, member)) is not None:
        return away
    form = PurposeForm(request.POST or None)
    address = None
    if request.method == "POST":
        shown = attempt(
            form,
            lambda: (
                safe_address.show(
                    person=seen.person, purpose=form.cleaned_data["purpose"], by=member
                ),
            ),
        )
        if shown is not None:
            [address] = shown
            releases.tell_lead(person_id=seen.person.pk, by=member)
    return render(
        request,
        "sharing/safe_address/show.html",
        {
            **_common(seen, "Safe address"),
            "form": form,
            "button": "Show it once",
            "address": address,
            "showings": showings.of(member, seen),
            "may_write": seen.sight.may_write(Category.SAFE_ADDRESS),
            "may_release": may(member, "propose_share"),
        },
    )


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down where they live now. What was there before is gone."""
    seen, member = _load(request, reference)
    if (away := _confirm(request, member)) is not None:
        return away
    form = AddressForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: safe_address.record(
            person=seen.person, address=form.cleaned_data["address"], by=member
        ),
    ):
        messages.success(request, "The safe address is saved.")
        return redirect("safe_address", seen.person.reference)
    return render(
        request,
        "form_page.html",
        {
            **_common(seen, "Change the safe address"),
            "form": form,
            "intro": "It replaces the one before, which nobody can read again.",
            "button": "Save",
            "back": reverse("safe_address", args=[seen.person.reference]),
        },
    )


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask to release it to one worker of another agency; a manager decides."""
    seen, member = _load(request, reference)
    if (away := _confirm(request, member)) is not None:
        return away
    # To one worker: no agency as a whole.
    possible = replace(recipients.under_agreement(member), agencies=())
    form = ReleaseForm(request.POST or None, recipients=possible)

    def act() -> SafeAddressRelease:
        chosen = possible.one(form.cleaned_data["worker"])
        return releases.propose(
            person=seen.person,
            agency_id=chosen.agency_id,
            worker_id=chosen.worker_id or UUID(int=0),
            reason=form.cleaned_data["reason"],
            until=end_of(form.cleaned_data["until"]),
            by=member,
        )

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "A manager decides. Nothing is released yet.")
        return redirect("safe_address", seen.person.reference)
    return render(
        request,
        "form_page.html",
        {
            **_common(seen, "Release the safe address"),
            "form": form,
            "intro": "To one worker, by name. A second person decides.",
            "button": "Ask for the release",
            "back": reverse("safe_address", args=[seen.person.reference]),
        },
    )


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """The second person's page: it shows who asks and why, and no address."""
    member = acting(request)
    row = (
        SafeAddressRelease.objects.visible_to(member)
        .filter(pk=key)
        .select_related("person", "worker", "agency", "proposed_by")
        .first()
    )
    seen = sight(member, row.person_id) if row else None
    if row is None or seen is None or not seen.shows(Category.SAFETY):
        raise NotVisible
    if not may(member, "approve_share"):
        raise NotAllowed
    form = DecideForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: releases.decide(
            row=row, release=form.cleaned_data["decision"] == "release", by=member
        ),
    ):
        messages.success(request, "Saved.")
        return redirect("my_day")
    return render(
        request,
        "sharing/safe_address/decide.html",
        {"row": row, "form": form, "heading": "Release of a safe address", "button": "Save",
         "back": "/", "category": "safety"},
    )  # fmt: skip


def _load(request: HttpRequest, reference: str) -> tuple[people.Seen, Member]:
    """The person, for who may be shown the address once they have stepped up."""
    member = acting(request)
    seen = people.load(member, reference)
    if not _stepped_up_sight(member, seen).sees(Category.SAFE_ADDRESS):
        raise NotAllowed
    return seen, member


def _stepped_up_sight(member: Member, seen: people.Seen) -> Sight:
    return sight(replace(member, stepped_up_at=instant()), seen.person.pk)


def _confirm(request: HttpRequest, member: Member) -> HttpResponse | None:
    """To re-authentication and back. What was typed with an old page is not kept: by then
    it may be an address.
    """
    if break_glass.stepped_up(member, instant()):
        return None
    if request.method == "POST":
        messages.warning(request, "More than five minutes have passed: confirm that it is you.")
    query = urlencode({"next": request.path})
    return redirect(f"{reverse('account_reauthenticate')}?{query}")


def _common(seen: people.Seen, heading: str) -> dict[str, Any]:
    return {
        "person": seen.person,
        "person_bar": bar(seen),
        "heading": heading,
        "back": reverse("person", args=[seen.person.reference]),
        "category": "safe_address",
    }
