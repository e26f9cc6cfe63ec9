"""Consent: recorded, taken back, and the receipts of both."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import Member, NotAllowed, NotVisible
from access.bases import Basis
from access.categories import Category
from agencies.queries import require
from agencies.submitting import attempt, saved
from core.clock import today
from people import queries as people
from sharing import foresight, papers, queries, receipts, recipients
from sharing.actions import consent as consents
from sharing.actions import withdrawal as withdrawals
from sharing.consent_forms import (
    MOST_RECIPIENTS,
    ConsentForm,
    ReceiptForm,
    RecipientsForm,
    RowForm,
    WithdrawForm,
)
from sharing.models import ConsentLine
from sharing.recipients import Option, Recipients
from sharing.views.loading import actor_of, bar, load
from sharing.wording import WORDINGS


@require_http_methods(["GET", "POST"])
def add_consent(request: HttpRequest, reference: str) -> HttpResponse:
    """Record what the young person agrees to: first with whom, then one form to read together."""
    seen = load(request, reference)
    actor = require(actor_of(request), "record_consent")
    # The warnings tell of the age.
    if not (seen.sight.may_write(Category.POINTER) and seen.sight.shows(Category.IDENTITY)):
        raise NotAllowed
    possible = recipients.under_agreement(actor)
    chosen = list(possible.options(request.GET.getlist("to")).values())
    if not chosen or len(chosen) > MOST_RECIPIENTS:
        return _choose(request, seen, possible)
    return _ask(request, seen, chosen, actor)


def _choose(request: HttpRequest, seen: people.Seen, possible: Recipients) -> HttpResponse:
    form = RecipientsForm(request.GET if "asked" in request.GET else None, recipients=possible)
    form.is_valid()
    return render(
        request,
        "sharing/consent/choose.html",
        {
            "form": form,
            "possible": possible,
            "person_bar": bar(seen),
            "back": reverse("sharing", args=[seen.person.reference]),
        },
    )


def _ask(
    request: HttpRequest, seen: people.Seen, chosen: list[Option], actor: Member
) -> HttpResponse:
    person, key = seen.person, f"consent-{seen.person.reference}"
    given = request.POST or None
    now = {one.key: one for one in queries.recipients(actor, seen.sight)}
    rows = [
        RowForm(
            given,
            prefix=f"r{number}",
            option=option,
            offered=_offered(seen, now.get(option.key)),
        )
        for number, option in enumerate(chosen)
    ]
    form = ConsentForm(given, age=person.age_on(today()))
    warnings: list[str] = []
    # Every part is checked, so that all that is wrong is said at once.
    right = [one.is_valid() for one in (*rows, form)]
    if request.method == "POST" and all(right):
        said = form.said()
        warnings = consents.warnings(
            person=person,
            place=said["place"],
            giver=said["giver"],
            competence=said["competence"],
            responsibility=said["parental_responsibility"],
            by=actor,
        )
        thought_about = not warnings or request.POST.get("thought") == str(len(warnings))
        if thought_about and attempt(
            form,
            lambda: consents.record(
                person=person,
                lines=[row.line() for row in rows],
                replace=True,
                **said,
                by=actor,
            ),
        ):
            messages.success(request, "Written down. It counts from now on.")
            return saved(redirect("sharing", reference=person.reference), request, key)
    return render(
        request,
        "sharing/consent/form.html",
        {
            "form": form,
            "forms": [*rows, form],
            "rows": [(row, now.get(row.option.key)) for row in rows],
            "called": person.called,
            "wording": WORDINGS[consents.WORDING],
            "age": person.age_on(today()),
            "warnings": warnings,
            "person_bar": bar(seen),
            "back": reverse("add_consent", args=[person.reference]),
            "draft_key": key,
        },
    )


def _offered(seen: people.Seen, now: queries.Recipient | None) -> frozenset[Category]:
    """What can be asked for: never what is shared with them anyway, by a decision."""
    decided = {
        cell.category
        for cell in (now.cells if now else ())
        if any(part.basis == Basis.DECISION for part in cell.parts)
    }
    return frozenset(
        category
        for category in queries.GRID
        if seen.sight.may_write(category) and category not in decided
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a consent back, or one line of it: first all that follows, then one action."""
    actor = actor_of(request)
    consent, sight = queries.load_consent(actor, key)
    require(actor, "record_consent")
    if not sight.may_write(Category.POINTER):
        raise NotAllowed
    lines = queries.open_lines(actor, consent)
    line = _line(request, lines)
    form = WithdrawForm(request.POST or None)
    back = reverse("sharing", args=[consent.person.reference])
    if request.method == "POST" and attempt(
        form,
        lambda: consents.withdraw(
            consent=consent,
            line=line,
            words=form.cleaned_data["words"],
            channel=form.cleaned_data["channel"],
            # Without it the action would do what nobody has read.
            expected=request.POST.get("seen", ""),
            by=actor,
        ),
    ):
        # The receipt itself says that it has stopped.
        return redirect("consent_receipt", key=consent.pk)
    return render(
        request,
        "sharing/consent/withdraw.html",
        {
            "form": form,
            "person_bar": bar(people.Seen(consent.person, sight)),
            "line": line,
            "several": len(lines) > 1,
            "preview": foresight.preview(queries.withdrawal_plan(consent, line, lines), sight)
            if lines
            else None,
            "back": back,
        },
    )


def _line(request: HttpRequest, lines: list[ConsentLine]) -> ConsentLine | None:
    """The line that the address names; none for all of them. Raises NotVisible."""
    wanted = request.GET.get("line")
    if wanted is None:
        return None
    found = next((line for line in lines if str(line.pk) == wanted), None)
    if found is None:
        raise NotVisible
    return found


@require_GET
def receipt(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was agreed and what was taken back, for the young person to keep."""
    actor = actor_of(request)
    consent, _ = queries.load_consent(actor, key)
    paper = receipts.paper(actor, consent)
    return render(
        request,
        "sharing/consent/receipt.html",
        {
            "consent": consent,
            "paper": paper,
            "answers": receipts.answers(paper.withdrawals),
            "back": reverse("sharing", args=[consent.person.reference]),
        },
    )


@require_GET
def receipt_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same on paper that a screen reader can read."""
    actor = actor_of(request)
    consent, _ = queries.load_consent(actor, key)
    html = render_to_string(
        "sharing/consent/receipt_pdf.html",
        {"consent": consent, "paper": receipts.paper(actor, consent)},
    )
    return HttpResponse(
        papers.pdf(html),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="receipt.pdf"'},
    )


@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, key: UUID) -> HttpResponse:
    """A recipient's receipt of a withdrawal: what to do with copies. It names nobody."""
    actor = actor_of(request)
    found = receipts.load_receipt(actor, key)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: withdrawals.answer_receipt(
            receipt=found, answer=form.cleaned_data["answer"], by=actor
        ),
    ):
        messages.success(request, "Thank you. The lead worker can see your answer.")
        return redirect("told_of_withdrawal", key=key)
    return render(request, "sharing/consent/told.html", {"form": form, "receipt": found})
