"""Ways to make contact with a young person: added, corrected, and taken out of use."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from access.categories import Category
from agencies.submitting import attempt
from casework.forms import ContactForm, CorrectContactForm, EndForm, yes_no
from casework.queries import record
from casework.views.person import about, actor_of, form_page, require_writing
from people import queries as people
from people.actions import contact


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a way to make contact."""
    seen, _ = about(request, reference, "person")
    require_writing(seen.sight, Category.CONTACT)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: contact.add(
            person=seen.person,
            kind=form.cleaned_data["kind"],
            value=form.cleaned_data["value"],
            is_safe=yes_no(form.cleaned_data["is_safe"]),
            note=form.cleaned_data["note"],
            key=form.cleaned_data["key"],
            by=actor_of(request),
        ),
    ):
        return redirect("person", reference=seen.person.reference)
    return form_page(request, seen, form, "Add a way to make contact", "Add", "", Category.CONTACT)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Correct a way to make contact, or say whether it is safe to use."""
    point, sight = record.load_contact_point(actor_of(request), key)
    require_writing(sight, Category.CONTACT)
    sight.shows(Category.CONTACT)
    form = CorrectContactForm(
        request.POST or None,
        initial={
            "version": point.version,
            "value": point.value,
            "is_safe": {True: "yes", False: "no", None: ""}[point.is_safe],
            "note": point.note,
        },
    )
    if request.method == "POST" and attempt(
        form,
        lambda: contact.change(
            point=point,
            value=form.cleaned_data["value"],
            is_safe=yes_no(form.cleaned_data["is_safe"]),
            note=form.cleaned_data["note"],
            version=form.cleaned_data["version"],
            by=actor_of(request),
        ),
    ):
        return redirect("person", reference=point.person.reference)
    return form_page(
        request,
        people.Seen(point.person, sight),
        form,
        "Change a way to make contact",
        "Save",
        "",
        Category.CONTACT,
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a way to make contact out of use."""
    point, sight = record.load_contact_point(actor_of(request), key)
    require_writing(sight, Category.CONTACT)
    sight.shows(Category.CONTACT)
    form = EndForm(
        request.POST or None,
        initial={"version": point.version},
        hint="For example: the phone was taken from them",
    )
    if request.method == "POST" and attempt(
        form, lambda: contact.end(point=point, **form.cleaned_data, by=actor_of(request))
    ):
        messages.success(request, "Taken out of use.")
        return redirect("person", reference=point.person.reference)
    return form_page(
        request,
        people.Seen(point.person, sight),
        form,
        "Take this out of use?",
        "Take out of use",
        "",
        Category.CONTACT,
        intro=f"{point.get_kind_display()}: {point.value}",
        warnings=["Nobody is to use it any more. It stays on record, with the reason."],
        dangerous=True,
    )
