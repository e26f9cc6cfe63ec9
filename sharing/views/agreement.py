"""An administrator's agreements with other agencies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member, NotVisible
from access.categories import LABELS, Category, in_order
from agencies.models import Agency
from agencies.queries import require
from agencies.submitting import attempt
from core.clock import today
from core.errors import Invalid
from sharing import coverage
from sharing.actions import agreement
from sharing.agreement_forms import AgreementForm, SuspendForm
from sharing.models import Agreement
from sharing.register_forms import AgreementReviewForm


@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """The agreements of the administrator's agency."""
    member = _administrator(request)
    soon = {row.pk for row in coverage.ending_soon(member.agency_id)}
    rows = [
        {
            "row": row,
            "state": coverage.state(row),
            "parties": [party.agency.name for party in row.parties.all()],
            "wants_us": _wants(row, member),
            "ends_soon": row.pk in soon,
        }
        for row in coverage.of_agency(member.agency_id)
    ]
    return render(request, "sharing/agreement/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def draw_up(request: HttpRequest) -> HttpResponse:
    """Write down an agreement; it counts once every party has confirmed it."""
    member = _administrator(request)
    form = AgreementForm(request.POST if request.method == "POST" else None, member=member)
    if request.method == "POST" and form.is_valid():
        parties = Agency.objects.filter(pk__in=[member.agency_id, *form.cleaned_data["parties"]])
        try:
            drawn = agreement.draw_up(
                title=form.cleaned_data["title"],
                purposes=form.cleaned_data["purposes"],
                categories=[Category(one) for one in form.cleaned_data["categories"]],
                parties=parties,
                starts=form.starts_at,
                ends=form.ends_at,
                review_on=form.cleaned_data["review_on"],
                by=member,
            )
        except Invalid as refused:
            for name, errors in refused.errors.items():
                form.add_error(name or None, errors)
        else:
            messages.success(request, "Drawn up. Each party, yours too, has to confirm it.")
            return redirect("agreements:show", agreement_id=drawn.pk)
    return render(request, "sharing/agreement/draw_up.html", {"form": form})


@require_GET
def show(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One agreement: what it carries, who has confirmed it, what happened to it."""
    member = _administrator(request)
    row = _load(member, agreement_id)
    return render(request, "sharing/agreement/show.html", _context(row, member))


@require_POST
def confirm(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Confirm it for one's own agency."""
    member = _administrator(request)
    confirmed = agreement.confirm(agreement=_load(member, agreement_id), by=member)
    words = "It is in force." if confirmed.confirmed_at else "It waits for the other parties."
    messages.success(request, f"Confirmed. {words}")
    return redirect("agreements:show", agreement_id=agreement_id)


@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Say what will stop, ask why, and suspend it at once."""
    member = _administrator(request)
    row = _load(member, agreement_id)
    form = SuspendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        agreement.suspend(agreement=row, reason=form.cleaned_data["reason"], by=member)
        messages.success(request, "Suspended. What needs it has stopped.")
        return redirect("agreements:show", agreement_id=agreement_id)
    return render(
        request, "sharing/agreement/suspend.html", {"form": form, **_context(row, member)}
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Write down that it was reviewed, and when it is next."""
    member = _administrator(request)
    row = _load(member, agreement_id)
    form = AgreementReviewForm(request.POST or None)
    back = reverse("agreements:show", args=[agreement_id])
    if request.method == "POST" and attempt(
        form,
        lambda: agreement.review(
            agreement=row, review_on=form.cleaned_data["review_on"], by=member
        ),
    ):
        messages.success(request, "The review is written down.")
        return redirect(back)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": f"Review “{row.title}”",
            "intro": "Is it still right: the parties, the purposes, the kinds of information?",
            "button": "Reviewed",
            "back": back,
        },
    )


@require_POST
def resume(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Let it count again."""
    member = _administrator(request)
    agreement.resume(agreement=_load(member, agreement_id), by=member)
    messages.success(request, "It counts again.")
    return redirect("agreements:show", agreement_id=agreement_id)


def _administrator(request: HttpRequest) -> Member:
    return require(request.actor, "manage_agreements")  # type: ignore[attr-defined]


def _load(member: Member, agreement_id: UUID) -> Agreement:
    """An agreement of the administrator's agency. Raises NotVisible alike for any other."""
    row = coverage.of_agency(member.agency_id).filter(pk=agreement_id).first()
    if row is None:
        raise NotVisible
    return row


def _wants(row: Agreement, member: Member) -> bool:
    return any(
        party.agency_id == member.agency_id and party.confirmed_at is None
        for party in row.parties.all()
    )


def _names(categories: frozenset[Category]) -> list[str]:
    return [LABELS[category] for category in in_order(categories)]


def _context(row: Agreement, member: Member) -> dict[str, object]:
    state = coverage.state(row)
    suspensions = list(row.suspensions.select_related("agency").order_by("-starts"))
    by = suspensions[0].agency if suspensions and state == "Suspended" else None
    another = by if by is not None and by.pk != member.agency_id else None
    return {
        "row": row,
        "state": state,
        "categories": _names(row.categories),
        "parties": row.parties.all(),
        "suspensions": suspensions,
        "review_overdue": row.review_on < today() and state != "Ended",
        "wants_us": _wants(row, member) and state != "Ended",
        "may_suspend": state in {"In force", "Not begun yet"},
        "may_resume": state == "Suspended" and another is None,
        "suspended_by_another": another,
        "stops": [
            {
                "one": stop.one.name,
                "other": stop.other.name,
                "categories": _names(stop.categories),
                "goes_on": _names(stop.goes_on),
            }
            for stop in coverage.stops(row)
        ],
    }
