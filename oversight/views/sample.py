"""Samples: drawing one, its shares, the checklist of one share, and its content for an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, NotVisible
from agencies.queries import require
from agencies.submitting import attempt
from core.clock import today
from oversight import lists, scope
from oversight.actions import look
from oversight.actions import sample as samples
from oversight.content import content_of
from oversight.enums import Question, Risk
from oversight.forms import ChecklistForm, DrawForm, ReasonForm
from oversight.models import Sample, SampledShare
from oversight.names import moment
from oversight.views.register import work
from sharing.models import ConsentLine

RISKS = {risk.value: str(risk.label) for risk in Risk}


@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """The samples that were drawn, and the form to draw another."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    form = DrawForm(
        request.POST or None,
        initial={"since": today() - timedelta(days=90), "until": today(), "size": 10},
    )
    if request.method == "POST":
        drawn = attempt(form, lambda: samples.draw(**form.asked(), by=actor))
        if drawn is not None:
            return redirect("oversight:sample", drawn.pk)
    found = list(scope.samples(actor)[:50])
    return render(
        request,
        "oversight/sample/list.html",
        {
            "form": form,
            "columns": lists.COLUMNS["samples"],
            "rows": lists.samples(actor, found),
            "work": work("samples"),
        },
    )


@require_GET
def show(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """One sample: how it was drawn and its shares."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    sample: Sample | None = scope.samples(actor).filter(pk=sample_id).first()
    if sample is None:
        raise NotVisible
    look.read_trail(what="sample", subject=sample, by=actor)
    shares = list(scope.sampled(actor).filter(sample=sample).order_by("place"))
    weights = [f"{risk.label}: {sample.weights[risk]}" for risk in Risk if risk in sample.weights]
    return render(
        request,
        "oversight/sample/show.html",
        {
            "sample": sample,
            "columns": lists.COLUMNS["shares"],
            "rows": lists.shares(actor, shares, RISKS),
            "weights": weights,
        },
    )


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """One sampled share: what is known without its content, and the checklist."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    row = load(actor, share_id)
    answered = {answer.question: answer for answer in scope.answers([row])}
    form = ChecklistForm(
        request.POST or None,
        initial={question: answer.answer for question, answer in answered.items()},
    )
    if request.method == "POST" and form.is_valid():
        samples.answer(share=row, answers=form.asked(), by=actor)
        left = len(Question) - len(set(form.asked()) | set(answered))
        messages.success(request, f"Saved; {left} left to answer." if left else "Saved.")
        return redirect("oversight:share", row.pk)
    look.read_trail(what="share", person_id=row.person_id, subject=row, by=actor)
    opened = scope.opening(actor, of=row)
    siblings = scope.sampled(actor).filter(sample_id=row.sample_id)
    after = siblings.filter(place__gt=row.place).order_by("place").first()
    return render(
        request,
        "oversight/sample/share.html",
        {
            "row": row,
            "reference": scope.references(actor, [row.person_id])[row.person_id],
            "facts": facts_of(row),
            "record_href": record_href(row),
            "form": form,
            "answered_by": sorted({answer.answered_by.name for answer in answered.values()}),
            "opened": opened,
            "openings": [
                f"{one.opened_by.name}, {moment(one.opened_at)}" for one in scope.openings(of=row)
            ],
            "findings": list(scope.findings(actor).filter(share=row)),
            "after": after,
        },
    )


@require_http_methods(["GET", "POST"])
def open_content(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Ask for the content, with a reason."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    row = load(actor, share_id)
    if scope.opening(actor, of=row) is not None:
        return redirect("oversight:share_content", row.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: samples.open_content(share=row, reason=form.cleaned_data["reason"], by=actor),
    ):
        return redirect("oversight:share_content", row.pk)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Read what was shared",
            "intro": "Only what this share carries, and never therapy notes or a safe address."
            " Every page that you read is on record, and the lead worker can see that.",
            "button": "Open it for 60 minutes",
            "back": reverse("oversight:share", args=[row.pk]),
        },
    )


@require_GET
def content(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """What the share carries, while it is open to this auditor."""
    actor = require(request.actor, "take_sample")  # type: ignore[attr-defined]
    row = load(actor, share_id)
    opened = scope.opening(actor, of=row)
    if opened is None:
        return redirect("oversight:open_share", row.pk)
    return render(
        request,
        "oversight/content/show.html",
        content_of(actor, opened)
        | {"back": reverse("oversight:share", args=[row.pk]), "back_text": "The checklist"},
    )


def load(actor: Member, share_id: UUID) -> SampledShare:
    """A sampled share of the actor's agency. Raises NotVisible alike for hidden and missing."""
    row: SampledShare | None = scope.sampled(actor).filter(pk=share_id).first()
    if row is None:
        raise NotVisible
    return row


def facts_of(row: SampledShare) -> list[dict[str, Any]]:
    """What is known of a share without its content."""
    share = row.share
    recorded = {True: "Recorded", False: "None recorded"}
    facts = [("Share", lists.share_words(row))]
    if isinstance(share, ConsentLine):
        given = share.consent
        facts += [
            ("Basis", f"Consent of {moment(given.given_at)}, {given.get_giver_display().lower()}"),
            ("Competence", str(given.get_competence_display())),
            ("Where", str(given.get_place_display())),
            ("Why the whole agency", "Named worker" if share.worker_id else "Recorded"),
        ]
    else:
        facts += [
            ("Basis", share.lawful_basis.name),
            ("Why it is necessary", recorded[bool(share.necessity)]),
            ("Why it is proportionate", recorded[bool(share.proportionality)]),
            ("Told", "Yes" if share.told else "No; the reason is recorded"),
        ]
    facts += [
        ("Ended early", moment(share.ended_at) if share.ended_at else "No"),
        ("What stands out", "; ".join(RISKS.get(risk, risk) for risk in row.risks) or "Nothing"),
    ]
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in facts]


def record_href(row: SampledShare) -> str:
    """The page of the consent or decision itself."""
    share = row.share
    if isinstance(share, ConsentLine):
        return reverse("oversight:consent", args=[share.consent_id])
    return reverse("oversight:decision", args=[share.pk])
