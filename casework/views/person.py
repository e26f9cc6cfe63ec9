"""One young person: the whole page, in parts that each belong to a category."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from access import places
from access.actor import Member, NotAllowed
from access.bases import LABELS as BASIS_LABELS
from access.categories import LABELS, Category
from access.reading import MOST_NAMED, Sight
from agencies.queries import permissions_of
from agencies.submitting import attempt, saved
from casework.actions import intervention as interventions
from casework.actions import safety_plan as safety_plans
from casework.forms import EventForm, FindForm, IdentityForm, SafetyPlanForm
from casework.queries import caseload, lines, record
from core import pictures
from core.clock import today
from core.paging import cursor, numbered, page_number, place_of
from people import queries as people
from people.actions import young_person
from people.areas import borough_name
from people.enums import RelationshipKind
from people.models import Relative, YoungPerson
from sharing import queries as sharing
from sharing import showings
from tasking.queries import note_meeting

PAGE = 25
ENTRIES = 100
"""Of the timeline on one page."""
GENERATION = {
    RelationshipKind.GRANDPARENT: -1,
    RelationshipKind.MOTHER: -1,
    RelationshipKind.FATHER: -1,
    RelationshipKind.STEP_PARENT: -1,
    RelationshipKind.AUNT_UNCLE: -1,
    RelationshipKind.FOSTER_CARER: -1,
    RelationshipKind.CHILD: 1,
}


def actor_of(request: HttpRequest) -> Member:
    """The member that the request works as."""
    actor: Member = request.actor  # type: ignore[attr-defined]
    return actor


def reasons(sight: Sight) -> list[str]:
    """“You can see this because …”, from the answer of the rule itself."""
    by_basis: dict[str, list[str]] = {}
    for category, bases in sight.reasons():
        for basis in bases:
            by_basis.setdefault(BASIS_LABELS[basis], []).append(LABELS[category])
    return [f"{basis}: {', '.join(labels).lower()}" for basis, labels in by_basis.items()]


def person_bar(seen: people.Seen) -> dict[str, Any]:
    """What the bar above each page about a person shows."""
    person, facts = seen.person, []
    if seen.sight.shows(Category.IDENTITY) and (age := person.age_on(today())) is not None:
        facts.append({"label": "Age", "text": str(age)})
    return {"name": person.name, "reference": person.reference, "facts": facts}


def person_pages(seen: people.Seen, current: str, actor: Member) -> list[dict[str, Any]]:
    """The pages about a person that hold anything for this viewer."""
    reference = seen.person.reference
    pages = [("Overview", "person")]
    if seen.sight.answer.visible - {Category.POINTER}:
        pages += [("Plan", "plan"), ("Timeline", "timeline"), ("Sharing", "sharing")]
    if sharing.sees_whole_grid(actor, seen.sight):
        pages += [("About me", "about_me")]
    return [
        {"text": text, "href": reverse(name, args=[reference]), "current": name == current}
        for text, name in pages
    ]


def about(request: HttpRequest, reference: str, current: str) -> tuple[people.Seen, dict[str, Any]]:
    """The person and what every page about them shows. Raises NotVisible."""
    seen = people.load(actor_of(request), reference)
    note_meeting(actor_of(request), seen.sight)
    return seen, {
        "seen": seen,
        "person": seen.person,
        "sight": seen.sight,
        "visible": [category.value for category in seen.sight.answer.visible],
        "writable": [category.value for category in seen.sight.answer.write],
        "may": permissions_of(actor_of(request)),
        "bar": person_bar(seen),
        "pages": person_pages(seen, current, actor_of(request)),
        "why": reasons(seen.sight),
        "hidden": [
            {"category": category.value, "name": LABELS[category]} for category in seen.sight.hidden
        ],
    }


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The people whom the actor may see, found by name or reference, in pages."""
    actor = actor_of(request)
    form = FindForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    number = page_number(request.GET.get("page", ""))
    before = (number - 1) * PAGE
    cut = False
    if form.cleaned_data.get("show") == "mine":
        led = caseload.led_by(actor).values("person_id")
        found = people.search_among(actor, words, led)
        listed = list(found.values_list("pk", flat=True)[before : before + PAGE + 1])
        shown = lines.of_people(actor, listed[:PAGE])
        beside = numbered(request.GET, number, more=len(listed) > PAGE)
    elif words.strip():
        shown, page = lines.page_of_found(actor, words, beyond=before, limit=PAGE)
        beside = numbered(request.GET, number, more=page.beyond)
        cut = not page.beyond and before + len(shown) >= MOST_NAMED
    else:
        after, back = places.asked(request.GET)
        shown, page = lines.page_of_people(actor, limit=PAGE, after=after, back=back)
        beside = places.links(request.GET, page)
    return render(
        request,
        "casework/person/list.html",
        {
            "form": form,
            "lines": shown,
            "searched": bool(words),
            "cut": MOST_NAMED if cut else 0,
            "may": permissions_of(actor),
            **beside,
        },
    )


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The overview: safety first, then how to make contact, the plan, what happened last."""
    actor = actor_of(request)
    seen, context = about(request, reference, "person")
    sight = seen.sight
    found = record.asked(actor, sight, entries=6).fetch()
    cases = {case.person_id: case for case in found.cases}
    [row] = caseload.rows(actor, [seen.person], {sight.person_id: sight}, cases, found.leads)
    plan = next((plan for plan in found.plans if row.case and plan.case_id == row.case.pk), None)
    relatives = record.family(actor, sight, found)
    involved = record.agencies_involved(actor, sight, found)
    identity = sight.shows(Category.IDENTITY)
    context |= {
        "row": row,
        "case": row.case,
        "lead": row.lead,
        "identity": identity,
        "borough": borough_name(seen.person.borough) if identity else "",
        "identifiers": record.identifiers(actor, sight, found),
        "safety_plan": record.safety_plan(actor, sight, found),
        "contact_points": record.contact_points(actor, sight, found),
        "earlier_contact_points": record.earlier_contact_points(sight, found),
        "plan": plan,
        "components": record.components(actor, sight, plan, found) if plan else [],
        "entries": record.entries(actor, sight, limit=6, found=found),
        "family": relatives,
        "earlier_family": record.earlier_family(sight, found),
        "family_picture": _family_picture(seen.person, relatives),
        "agencies": involved,
        "agencies_picture": pictures.who(
            seen.person.called,
            [
                pictures.Around(
                    agency.name, "leads" if row.lead and agency.pk == row.lead.agency_id else ""
                )
                for agency in involved
            ],
            title="Agencies involved",
            identity="agencies",
        ),
        "professionals": len(involved),
        "team": record.team(actor, sight, found),
        "may_ask_address": showings.may_ask(found.address),
        "step_down": record.step_down_of(actor, sight, row.case, found) if row.case else None,
        "today": today(),
    }
    return render(request, "casework/person/show.html", context)


@require_GET
def timeline(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened, as a picture and as a table behind it: the newest, then page by page."""
    actor = actor_of(request)
    seen, context = about(request, reference, "timeline")
    back = "later" in request.GET
    place = place_of(request.GET.get("later" if back else "earlier", ""))
    page = record.entry_page(actor, seen.sight, limit=ENTRIES, place=place, back=back)
    days = [entry.on for entry in page.entries]
    context |= {
        "entries": page.entries,
        "days": (min(days), max(days)) if days else None,
        "picture": _picture(page) if days else "",
        **_beside(request.GET, page),
    }
    return render(request, "casework/person/timeline.html", context)


def _picture(page: record.EntryPage) -> str:
    marks = [
        pictures.Mark(
            entry.on,
            entry.title,
            kind="locked" if entry.locked else "event" if entry.is_event else "contact",
            lane="Locked" if entry.locked else "Events" if entry.is_event else "Contacts",
        )
        for entry in page.entries
    ]
    days = [entry.on for entry in page.entries]
    # The newest stand against today; a page further back against its own days.
    last = max(days) if page.later else max(*days, today())
    return pictures.timeline(marks, min(days), last, title="What happened, by date")


def _beside(query: QueryDict, page: record.EntryPage) -> dict[str, str]:
    """The addresses of what came earlier and later, empty where nothing did."""
    if page.places is None:
        return {"earlier": "", "later": ""}

    def address(way: str, place: UUID) -> str:
        other = query.copy()
        for name in ("earlier", "later"):
            other.pop(name, None)
        other[way] = cursor(place)
        return f"?{other.urlencode()}"

    first, last = page.places
    return {
        "earlier": address("earlier", last) if page.earlier else "",
        "later": address("later", first) if page.later else "",
    }


def _family_picture(person: YoungPerson, relatives: list[tuple[Relative, bool]]) -> str:
    if not relatives:
        return ""
    return pictures.family_tree(
        person.called,
        [
            pictures.Relative(
                row.name, row.get_kind_display(), GENERATION.get(RelationshipKind(row.kind), 0)
            )
            for row, _ in relatives
        ],
        title="Family",
    )


@require_http_methods(["GET", "POST"])
def edit_identity(request: HttpRequest, reference: str) -> HttpResponse:
    """Change who the young person is said to be."""
    actor = actor_of(request)
    seen, _ = about(request, reference, "person")
    require_writing(seen.sight, Category.IDENTITY)
    seen.sight.shows(Category.IDENTITY)
    person = seen.person
    initial = {name: getattr(person, name) for name in IdentityForm.base_fields}
    initial["languages"] = ", ".join(person.languages)
    initial["interpreter_needed"] = "yes" if person.interpreter_needed else "no"
    form = IdentityForm(request.POST or None, initial=initial)
    key = f"identity-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: young_person.describe(
            person=person, changes=form.changes(), version=form.cleaned_data["version"], by=actor
        ),
    ):
        return saved(redirect("person", reference=person.reference), request, key)
    return form_page(request, seen, form, "Who they are", "Save", key, Category.IDENTITY)


@require_http_methods(["GET", "POST"])
def edit_safety_plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the safety plan."""
    actor = actor_of(request)
    seen, _ = about(request, reference, "person")
    require_writing(seen.sight, Category.SAFETY)
    plan = record.safety_plan(actor, seen.sight)
    initial = {name: getattr(plan, name) for name in SafetyPlanForm.base_fields} if plan else {}
    form = SafetyPlanForm(request.POST or None, initial=initial)
    key = f"safety-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form, lambda: safety_plans.write(person=seen.person, **form.cleaned_data, by=actor)
    ):
        return saved(redirect("person", reference=seen.person.reference), request, key)
    return form_page(request, seen, form, "Safety plan", "Save", key, Category.SAFETY)


@require_http_methods(["GET", "POST"])
def record_event(request: HttpRequest, reference: str) -> HttpResponse:
    """Record something that happened."""
    seen, _ = about(request, reference, "person")
    if not seen.sight.answer.write:
        raise NotAllowed
    form = EventForm(request.POST or None, sight=seen.sight)
    key = f"event-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: interventions.record_event(
            person=seen.person,
            **{
                **form.cleaned_data,
                "categories": [Category(name) for name in form.cleaned_data["categories"]],
            },
            by=actor_of(request),
        ),
    ):
        return saved(redirect("person", reference=seen.person.reference), request, key)
    return form_page(request, seen, form, "Record something that happened", "Record", key)


def form_page(
    request: HttpRequest,
    seen: people.Seen,
    form: Any,
    heading: str,
    button: str,
    draft_key: str = "",
    category: Category | None = None,
    **more: Any,
) -> HttpResponse:
    """A page that asks one thing about a person."""
    return render(
        request,
        more.pop("template", "form_page.html"),
        {
            "form": form,
            "heading": heading,
            "button": button,
            "back": reverse("person", args=[seen.person.reference]),
            "draft_key": draft_key,
            "person_bar": person_bar(seen),
            "category": category,
            **more,
        },
    )


def require_writing(sight: Sight, category: Category) -> None:
    """Go on only for who may write in the category. Raises NotAllowed."""
    if not sight.may_write(category):
        raise NotAllowed
