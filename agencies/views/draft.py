"""Drafts: what somebody is typing, kept for them alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from access.actor import Member, NotVisible
from agencies.actions import draft as actions
from agencies.drafts import person_of
from agencies.middleware import acting
from agencies.models import Draft
from agencies.sealing import unseal

NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})


@require_http_methods(["GET", "POST", "DELETE"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Give, keep or forget the draft of one form, for the membership in hand alone."""
    actor = acting(request)
    if request.method == "POST":
        return _keep(request, key, actor)
    if request.method == "DELETE":
        actions.clear(key=key, by=actor)
        return HttpResponse(status=204)
    return _give(key, actor)


def _give(key: str, actor: Member) -> HttpResponse:
    """The draft; none any more once its person is hidden from who typed it."""
    found = Draft.objects.filter(membership_id=actor.membership_id, key=key).first()
    if found is None:
        return HttpResponse(status=204)
    try:
        person_id = person_of(actor, key)
    except NotVisible:
        return HttpResponse(status=204)
    values = unseal(bytes(found.sealed_values))
    if not values or person_id != found.person_id:
        return HttpResponse(status=204)
    return JsonResponse({"values": values, "saved_at": found.saved_at.isoformat()})


def _keep(request: HttpRequest, key: str, actor: Member) -> HttpResponse:
    values = {name: texts for name, texts in request.POST.lists() if name not in NEVER_KEPT}
    length = sum(len(name) + sum(map(len, texts)) for name, texts in values.items())
    if length > actions.LONGEST:
        return JsonResponse({"title": "The draft is too long"}, status=413)
    kept = actions.save(key=key, person_id=person_of(actor, key), values=values, by=actor)
    return JsonResponse({"saved_at": kept.saved_at.isoformat()})
