"""The family around a young person: who is added, corrected, and no longer there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from access.categories import Category
from agencies.submitting import attempt, saved
from casework.forms import CorrectRelativeForm, EndForm, RelativeForm
from casework.queries import record
from casework.views.person import about, actor_of, form_page, require_writing
from people import queries as people
from people.actions import family
from people.models import Relative


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add somebody to the family."""
    seen, _ = about(request, reference, "person")
    require_writing(seen.sight, Category.FAMILY)
    form = RelativeForm(request.POST or None)
    draft = f"relative-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: family.add(
            person=seen.person,
            **form.said(),
            key=form.cleaned_data["key"],
            by=actor_of(request),
        ),
    ):
        return saved(redirect("person", reference=seen.person.reference), request, draft)
    return form_page(
        request, seen, form, "Add somebody to the family", "Add", draft, Category.FAMILY
    )


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct what is written about somebody in the family."""
    relative, sight = record.load_relative(actor_of(request), key)
    require_writing(sight, Category.FAMILY)
    sight.shows(Category.FAMILY)
    form = CorrectRelativeForm(request.POST or None, initial=_as_answers(relative))
    draft = f"relative-{relative.pk}"
    if request.method == "POST" and attempt(
        form,
        lambda: family.change(
            relative=relative,
            changes=form.said(),
            version=form.cleaned_data["version"],
            by=actor_of(request),
        ),
    ):
        return saved(redirect("person", reference=relative.person.reference), request, draft)
    return form_page(
        request,
        people.Seen(relative.person, sight),
        form,
        "Change somebody in the family",
        "Save",
        draft,
        Category.FAMILY,
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that somebody is no longer family."""
    relative, sight = record.load_relative(actor_of(request), key)
    require_writing(sight, Category.FAMILY)
    sight.shows(Category.FAMILY)
    form = EndForm(
        request.POST or None,
        initial={"version": relative.version},
        hint="For example: they have separated, or it was written down by mistake",
    )
    if request.method == "POST" and attempt(
        form, lambda: family.end(relative=relative, **form.cleaned_data, by=actor_of(request))
    ):
        messages.success(request, "Taken out of the family.")
        return redirect("person", reference=relative.person.reference)
    return form_page(
        request,
        people.Seen(relative.person, sight),
        form,
        "Take somebody out of the family?",
        "Take out of the family",
        "",
        Category.FAMILY,
        intro=f"{relative.get_kind_display()}: {relative.name}",
        warnings=["Nobody is to turn to them as family any more. It stays on record."],
        dangerous=True,
    )


def _as_answers(relative: Relative) -> dict[str, Any]:
    words: dict[bool | None, str] = {True: "yes", False: "no", None: ""}
    return {
        "version": relative.version,
        "name": relative.name,
        "kind": relative.kind,
        "same_household": words[relative.same_household],
        "parental_responsibility": words[relative.parental_responsibility],
        "main_carer": words[relative.main_carer],
        "needs": relative.needs,
        "phone": relative.phone,
    }
