"""Numbers by which other systems know a young person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from access.actor import NotAllowed
from agencies.submitting import attempt
from casework.forms import IdentifierForm
from casework.queries import record
from casework.views.person import about, actor_of, form_page
from people.actions import young_person
from people.enums import IdentifierScheme
from people.models.identifier import category_of


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """The numbers that are known, each to who sees its category, and one more."""
    actor = actor_of(request)
    seen, _ = about(request, reference, "person")
    if not any(seen.sight.may_write(category_of(scheme)) for scheme in IdentifierScheme):
        raise NotAllowed
    form = IdentifierForm(request.POST or None, sight=seen.sight)
    if request.method == "POST" and attempt(
        form,
        lambda: young_person.add_identifier(person=seen.person, **form.cleaned_data, by=actor),
    ):
        return redirect("identifiers", reference=seen.person.reference)
    return form_page(
        request,
        seen,
        form,
        "Identifiers",
        "Add",
        template="casework/person/identifiers.html",
        identifiers=record.identifiers(actor, seen.sight),
    )
