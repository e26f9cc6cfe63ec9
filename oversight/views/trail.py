"""One record's or one user's whole trail, and what stands behind a consent or a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from access.actor import Actor, NotVisible
from access.replica import Source
from agencies.queries import require
from audit.models import AccessRecord, Event
from core.clock import instant
from oversight import copies, lists, names, paging, queries, scope, sentences
from oversight.actions import look
from oversight.names import day, moment
from oversight.tables import consent_state, decision_state
from oversight.telling import categories_of
from sharing.enums import Purpose
from sharing.models import Consent, SharingDecision

VIEWED_SINCE = timedelta(days=90)
KINDS = {"": "Everything", "reads": "Who looked", "events": "What was done"}


@require_GET
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """Who looked at one person's record and what was done about it."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    person_id = scope.person_id(actor, reference)
    kind, page, source = _page(request, actor, queries.of_person(actor, person_id))
    look.read_trail(what="person", person_id=person_id, by=actor)
    shown = scope.references(actor, [person_id])[person_id]
    return render(
        request,
        "oversight/trail/show.html",
        {
            "caption": shown,
            "title": "Who looked and what was done",
            "entries": _entries(actor, page.rows, with_person=False),
            "page": page,
            "source": source,
            "kinds": _kinds(request.path, kind),
            "registers": [
                {"text": "By user", "href": reverse("oversight:viewers", args=[shown])},
                {"text": "Its consents", "href": f"{reverse('oversight:consents')}?person={shown}"},
                {
                    "text": "Its sharing decisions",
                    "href": f"{reverse('oversight:decisions')}?person={shown}",
                },
            ],
        },
    )


@require_GET
def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """At whose records one user looked, and what they did."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    found = queries.user(actor, user_id)
    kind, page, source = _page(request, actor, queries.of_user(actor, found.pk))
    look.read_trail(what="user", user_id=found.pk, by=actor)
    return render(
        request,
        "oversight/trail/show.html",
        {
            "caption": found.name,
            "title": "Whom they looked at and what they did",
            "entries": _entries(actor, page.rows, with_person=True),
            "page": page,
            "source": source,
            "kinds": _kinds(request.path, kind),
            "registers": [
                {"text": "By person", "href": reverse("oversight:viewed", args=[found.pk])}
            ],
        },
    )


@require_GET
def viewers(request: HttpRequest, reference: str) -> HttpResponse:
    """Who viewed one person's record in the last 90 days, summed up by user."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    person_id = scope.person_id(actor, reference)
    look.read_trail(what="viewers", person_id=person_id, by=actor)
    shown = scope.references(actor, [person_id])[person_id]
    found, source = copies.viewed(actor, instant() - VIEWED_SINCE, person_id=person_id)
    return render(
        request,
        "oversight/work/list.html",
        {
            "caption": shown,
            "title": "Who viewed this record",
            "lead": "In the last 90 days, as far as your agency was involved.",
            "columns": lists.COLUMNS["viewers"],
            "rows": lists.viewers(found),
            "source": source,
            "empty": "Nobody did.",
            "button": {
                "text": "Every entry of the trail",
                "href": reverse("oversight:person", args=[shown]),
            },
        },
    )


@require_GET
def viewed(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Whose records one user viewed in the last 90 days, summed up by person."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    found = queries.user(actor, user_id)
    look.read_trail(what="viewed", user_id=found.pk, by=actor)
    summed, source = copies.viewed(actor, instant() - VIEWED_SINCE, user_id=found.pk)
    return render(
        request,
        "oversight/work/list.html",
        {
            "caption": found.name,
            "title": "Whose records they viewed",
            "lead": "In the last 90 days, of people whom you may review.",
            "columns": lists.COLUMNS["viewed"],
            "rows": lists.viewed(actor, summed),
            "source": source,
            "empty": "Nobody’s.",
            "button": {
                "text": "Every entry of the trail",
                "href": reverse("oversight:user", args=[found.pk]),
            },
        },
    )


@require_GET
def consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """What is known about one consent, without name or content."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    row: Consent | None = (
        scope.consents(actor).select_related("recorded_by").filter(pk=consent_id).first()
    )
    if row is None:
        raise NotVisible
    look.read_trail(what="consent", person_id=row.person_id, subject=row, by=actor)
    lines = list(scope.lines([row.pk]))
    purposes = dict(Purpose.choices)
    facts = [
        ("State", consent_state(row, lines)),
        ("Given", moment(row.given_at)),
        ("Given by", row.get_giver_display()),
        ("Competence", row.get_competence_display()),
        ("Reasons for competence", "Recorded" if row.competence_reasons else "None recorded"),
        ("Wording", row.wording_version),
        ("How", row.get_channel_display()),
        ("Where", row.get_place_display()),
        ("For what", "; ".join(str(purposes.get(one, one)) for one in row.purposes)),
        ("Recorded by", row.recorded_by.name),
        ("Withdrawn", moment(row.withdrawn_at) if row.withdrawn_at else "No"),
    ]
    recipients = [
        {
            "to": f"{line.worker.name}, {line.agency.name}" if line.worker else line.agency.name,
            "whole": "" if line.worker else "The whole agency; a reason is recorded",
            "categories": categories_of(line.categories),
            "until": day(line.until),
            "ended": moment(line.ended_at) if line.ended_at else "",
        }
        for line in lines
    ]
    return _record(request, actor, row, "Consent", facts, recipients)


@require_GET
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """What is known about one sharing decision, without name or content."""
    actor = require(request.actor, "view_registers")  # type: ignore[attr-defined]
    row: SharingDecision | None = (
        scope.decisions(actor)
        .select_related("agency", "worker", "lawful_basis", "proposed_by", "decided_by")
        .filter(pk=decision_id)
        .first()
    )
    if row is None:
        raise NotVisible
    look.read_trail(what="decision", person_id=row.person_id, subject=row, by=actor)
    recorded = {True: "Recorded", False: "None recorded"}
    facts = [
        ("Decision", "Share" if row.share else "Do not share"),
        ("State", decision_state(row)),
        ("Kind", row.get_kind_display()),
        ("Lawful basis", row.lawful_basis.name),
        ("Condition", recorded[bool(row.condition)]),
        ("Why it is necessary", recorded[bool(row.necessity)]),
        ("Why it is proportionate", recorded[bool(row.proportionality)]),
        ("Was the young person told", "Yes" if row.told else "No; the reason is recorded"),
        ("Proposed", f"{moment(row.proposed_at)}, by {row.proposed_by.name}"),
        (
            "Decided",
            f"{moment(row.decided_at)}, by {row.decided_by.name}"
            if row.decided_at and row.decided_by
            else "Not by a second person",
        ),
        ("Ended early", moment(row.ended_at) if row.ended_at else "No"),
    ]
    recipient = {
        "to": f"{row.worker.name}, {row.agency.name}" if row.worker else row.agency.name,
        "whole": "" if row.worker else "The whole agency",
        "categories": categories_of(row.categories),
        "until": day(row.until),
        "ended": moment(row.ended_at) if row.ended_at else "",
    }
    return _record(request, actor, row, "Sharing decision", facts, [recipient])


def _record(
    request: HttpRequest,
    actor: Actor,
    row: Any,
    title: str,
    facts: Sequence[tuple[str, str]],
    recipients: Sequence[dict[str, str]],
) -> HttpResponse:
    entries = list(scope.events(actor).filter(subject_id=row.pk).exclude(verb="trail.read")[:50])
    return render(
        request,
        "oversight/record/show.html",
        {
            "title": title,
            "reference": scope.references(actor, [row.person_id])[row.person_id],
            "facts": [{"key": {"text": key}, "value": {"text": value}} for key, value in facts],
            "recipients": recipients,
            "entries": _entries(actor, entries, with_person=False),
        },
    )


def _page(
    request: HttpRequest, actor: Actor, sources: Mapping[str, Sequence[paging.Rows]]
) -> tuple[str, paging.Page, Source]:
    """The entries of a trail, looks and deeds merged, or one of the two."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in sources else ""
    chosen = sources[kind] if kind else [one for some in sources.values() for one in some]
    asked = {name: request.GET[name] for name in ("older", "newer") if name in request.GET}
    page, source = copies.page(actor, chosen, asked | {"kind": kind})
    return kind, page, source


def _entries(
    actor: Actor, found: Sequence[Event | AccessRecord], *, with_person: bool
) -> list[dict[str, str]]:
    known = names.gather(actor, found)
    entries = []
    for entry in found:
        reference = known.reference(entry.person_id) if with_person else ""
        entries.append(
            {
                "words": sentences.sentence(entry, known),
                "reference": reference,
                "href": reverse("oversight:person", args=[reference]) if reference else "",
                "kind": "look" if isinstance(entry, AccessRecord) else "deed",
            }
        )
    return entries


def _kinds(path: str, current: str) -> list[dict[str, object]]:
    return [
        {"text": words, "href": f"{path}?kind={kind}" if kind else path, "current": kind == current}
        for kind, words in KINDS.items()
    ]
