"""“About me”: the page that the young person approves, and the door for their card."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from access.actor import NotAllowed, NotVisible, Public
from access.categories import Category
from access.context import become
from access.reading import sight
from agencies.middleware import acting
from agencies.submitting import attempt, saved
from casework.actions import about_me as actions
from casework.forms import AboutMeForm, CardForm, SayingAnswerForm
from casework.models import AboutMe, Card, Saying
from casework.queries import about_me as page
from casework.views.person import about
from people import queries as people
from sharing import queries as sharing

WRONG = (
    "That did not work. Check the number and the PIN. After several tries a card stops working"
    " for an hour. You can always ask your worker instead."
)


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What the young person sees of who sees them, and what they have said."""
    seen, context = _page(request, reference)
    person = seen.person
    return render(
        request,
        "casework/about_me/show.html",
        context
        | {
            "card": Card.objects.visible_to(acting(request))
            .filter(person=person, ended_at=None)
            .first(),
            "sayings": list(Saying.objects.visible_to(acting(request)).filter(person=person)[:30]),
            "may_write_identity": seen.sight.may_write(Category.IDENTITY),
        },
    )


@require_GET
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The same on paper, for their pocket."""
    _, context = _page(request, reference)
    return render(request, "casework/about_me/print.html", context)


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what the young person wants known, and how they approved it."""
    seen, context = _page(request, reference)
    latest = context["latest"]
    form = AboutMeForm(request.POST or None, initial={"words": latest.words if latest else ""})
    key = f"about-me-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: actions.approve(person=seen.person, **form.cleaned_data, by=acting(request)),
    ):
        messages.success(request, "Saved as they approved it.")
        return saved(redirect("about_me", seen.person.reference), request, key)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "About me, as they approve it",
            "intro": "Write it together. They see what you see here.",
            "button": "Save",
            "back": reverse("about_me", args=[seen.person.reference]),
            "person_bar": context["bar"],
            "draft_key": key,
            "category": "identity",
        },
    )


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, reference: str) -> HttpResponse:
    """A new card, whose PIN is shown in this answer and nowhere else; or the end of one."""
    seen, context = _page(request, reference)
    if request.method == "POST" and request.POST.get("do") == "end":
        actions.end_card(person=seen.person, by=acting(request))
        messages.success(request, "The card opens nothing any more.")
        return redirect("about_me", seen.person.reference)
    issued: dict[str, Any] = {}
    if request.method == "POST":
        row, pin = actions.issue_card(person=seen.person, by=acting(request))
        issued = {"number": row.number, "pin": f"{pin[:3]} {pin[3:]}"}
    return render(
        request,
        "casework/about_me/card.html",
        context | {"issued": issued, "address": request.build_absolute_uri(reverse("use_card"))},
    )


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write down what the young person was answered."""
    member = acting(request)
    row = Saying.objects.visible_to(member).filter(pk=key).select_related("person").first()
    if row is None or not sight(member, row.person_id).shows(Category.IDENTITY):
        raise NotVisible
    form = SayingAnswerForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: actions.answer(saying=row, words=form.cleaned_data["answer"], by=member),
    ):
        messages.success(request, "Saved.")
        return redirect("about_me", row.person.reference)
    return render(
        request,
        "form_page.html",
        {
            "form": form,
            "heading": "Answer the young person",
            "intro": f"{row.get_kind_display()}{': ' + row.words if row.words else '.'}",
            "button": "Save",
            "back": reverse("about_me", args=[row.person.reference]),
            "category": "identity",
        },
    )


# No cookie is left on a borrowed device for a token, and none is needed: without the card and
# its PIN another site can send nothing that counts.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def use_card(request: HttpRequest) -> HttpResponse:
    """The door for a card. What is behind a no is never told."""
    if request.method == "POST" and (too_many := consume_or_429(request, action="about_me")):
        return too_many
    form = CardForm(request.POST or None)
    if request.method == "POST":
        door = Public("card")
        become(door)
        done = attempt(
            form,
            lambda: (
                actions.use_card(
                    number=form.cleaned_data["number"],
                    pin=form.cleaned_data["pin"].replace(" ", ""),
                    kind=form.cleaned_data["kind"],
                    words=form.words(),
                    by=door,
                ),
            ),
        )
        if done == (True,):
            response = render(request, "casework/about_me/done.html", {})
            response["Clear-Site-Data"] = '"cache", "storage"'
            return response
        if done is not None:
            form.add_error(None, WRONG)
    return render(request, "casework/about_me/use_card.html", {"form": form})


def _page(request: HttpRequest, reference: str) -> tuple[people.Seen, dict[str, Any]]:
    """The page's contents, for the lead agency's who see identity. Raises NotAllowed."""
    seen, context = about(request, reference, "about_me")
    if not sharing.sees_whole_grid(acting(request), seen.sight):
        raise NotAllowed
    context |= {
        "latest": AboutMe.objects.visible_to(acting(request)).filter(person=seen.person).first(),
        "knows": page.who_knows(seen.person, seen.sight),
    }
    return seen, context
