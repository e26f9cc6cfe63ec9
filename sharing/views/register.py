"""An administrator's registers: lawful bases, conditions, impact assessments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import Member, NotVisible
from access.categories import Category
from agencies.enums import AgencyKind
from agencies.queries import require
from agencies.submitting import attempt
from core.clock import today
from sharing import gates
from sharing.actions import assessment, register
from sharing.actions.register import Row
from sharing.enums import ChangeState, Feature, Register
from sharing.foresight import words_of
from sharing.models import ImpactAssessment, LawfulBasis, ProcessingCondition, RegisterChange
from sharing.register_forms import AssessmentForm, DatesForm, DecideForm, WithdrawAssessmentForm

KINDS = dict(AgencyKind.choices)


@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Both registers, each row with its dates, and the changes that wait."""
    member = _administrator(request)
    waiting = {
        (row.register, row.code): row
        for row in RegisterChange.objects.filter(state=ChangeState.PROPOSED)
    }
    return render(
        request,
        "sharing/register/list.html",
        {
            "waiting": [
                {
                    "row": row,
                    "name": register.row_of(row.register, row.code),
                    "mine": row.proposed_by_id == member.user_id,
                }
                for row in waiting.values()
            ],
            "bases": [_basis(row) for row in LawfulBasis.objects.all()],
            "conditions": [
                {"row": row, "state": _state(row)} for row in ProcessingCondition.objects.all()
            ],
        },
    )


def _basis(row: LawfulBasis) -> dict[str, Any]:
    every = frozenset(Category)
    return {
        "row": row,
        "state": _state(row),
        "who": ", ".join(KINDS[kind] for kind in row.who) or "Any agency",
        "to": ", ".join(KINDS[kind] for kind in row.to) or "Any agency",
        "never": words_of(every - row.categories) or "Nothing",
    }


def _state(row: Row) -> str:
    if row.effective_from is None:
        return "Not in force"
    if row.effective_from > today():
        return "Not yet"
    if row.effective_to is not None and row.effective_to <= today():
        return "No longer"
    return "In force"


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Propose other dates for a row."""
    member = _administrator(request)
    row = register.row_of(kind, code) if kind in set(Register) else None
    if row is None:
        raise NotVisible
    dates = {"effective_from": row.effective_from, "effective_to": row.effective_to}
    form = DatesForm(request.POST or None, initial=dates)
    back = reverse("registers:list")
    if request.method == "POST" and attempt(
        form,
        lambda: register.propose(register=kind, code=code, **form.cleaned_data, by=member),
    ):
        messages.success(request, "Proposed. It counts once a second administrator approves.")
        return redirect(back)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": f"Dates of “{row.name}”",
            "intro": "This register holds for every agency here. A second administrator decides.",
            "button": "Propose",
            "back": back,
        },
    )


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Approve or refuse a change, as a second administrator."""
    member = _administrator(request)
    found = (
        RegisterChange.objects.filter(pk=change_id, state=ChangeState.PROPOSED)
        .select_related("proposed_by")
        .first()
    )
    if found is None:
        raise NotVisible
    form = DecideForm(request.POST or None)
    back = reverse("registers:list")
    if request.method == "POST" and attempt(
        form,
        lambda: register.decide(
            change=found, approve=form.cleaned_data["decision"] == "approve", by=member
        ),
    ):
        messages.success(request, "Decided.")
        return redirect(back)
    return render(
        request,
        "sharing/register/decide.html",
        {
            "form": form,
            "change": found,
            "row": register.row_of(found.register, found.code),
            "heading": "Decide on a change of the register",
            "button": "Decide",
            "back": back,
        },
    )


@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """Which gates are open, and every assessment of the agency."""
    member = _administrator(request)
    rows = ImpactAssessment.objects.filter(agency_id=member.agency_id).select_related(
        "written_by", "signed_by"
    )
    return render(
        request,
        "sharing/assessment/list.html",
        {
            "gates": [
                {"name": feature.label, "open": gates.gate_open(member.agency_id, feature)}
                for feature in Feature
            ],
            "rows": rows,
            "today": today(),
            "me": member.user_id,
        },
    )


@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest) -> HttpResponse:
    """Write a version of an assessment."""
    member = _administrator(request)
    form = AssessmentForm(request.POST or None)
    back = reverse("assessments:list")
    if request.method == "POST" and attempt(
        form, lambda: assessment.write(**form.cleaned_data, by=member)
    ):
        messages.success(request, "Written. It opens nothing before a second person signs it.")
        return redirect(back)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Assess the impact of a feature",
            "intro": "Write nothing about any young person.",
            "button": "Save this version",
            "back": back,
        },
    )


@require_POST
def sign(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Sign an assessment off, as a second user."""
    member = _administrator(request)
    assessment.sign(assessment=_load(member, assessment_id), by=member)
    messages.success(request, "Signed off. The gate is open.")
    return redirect("assessments:list")


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Take an assessment back, which may close its gate."""
    member = _administrator(request)
    found = _load(member, assessment_id)
    form = WithdrawAssessmentForm(request.POST or None)
    back = reverse("assessments:list")
    if request.method == "POST" and attempt(
        form,
        lambda: assessment.withdraw(
            assessment=found, reason=form.cleaned_data["reason"], by=member
        ),
    ):
        messages.success(request, "Taken back.")
        return redirect(back)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": f"Take back “{found}”?",
            "intro": "Without another signed version the feature stops at once.",
            "button": "Take it back",
            "dangerous": True,
            "back": back,
        },
    )


def _load(member: Member, assessment_id: UUID) -> ImpactAssessment:
    found = ImpactAssessment.objects.filter(pk=assessment_id, agency_id=member.agency_id).first()
    if found is None:
        raise NotVisible
    return found


def _administrator(request: HttpRequest) -> Member:
    return require(request.actor, "manage_registers")  # type: ignore[attr-defined]
