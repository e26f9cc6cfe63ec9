"""Sending a form to one action, and showing on the form what the action refused.

What was typed is never lost: the form comes back with it, and with what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict

from access.actor import Member
from agencies.actions import draft
from agencies.models import User
from audit.models import Event
from core.clock import LONDON
from core.errors import Conflict, Invalid
from core.versions import Stale


def attempt(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action returned; none when the form or the action refused, which it now says.

    A stale edit says who changed what since, and goes on from there if it is sent again.
    """
    if not form.is_valid():
        return None
    try:
        return action()
    except Invalid as refusal:
        for name, messages in refusal.errors.items():
            for message in messages:
                form.add_error(name if name in form.fields else None, message)
    except Conflict as refusal:
        form.add_error(None, str(refusal))
    except Stale as refusal:
        form.add_error(None, who_changed(refusal))
        _go_on_from(form, refusal)
    return None


def who_changed(stale: Stale) -> str:
    """In a sentence: who changed which fields of a row, and when."""
    last = Event.objects.filter(subject_id=stale.row.pk).order_by("-at", "-id").first()
    if last is None:
        return str(stale)
    user = User.objects.filter(pk=last.user_id).first() if last.user_id else None
    when = last.at.astimezone(LONDON)
    what = ", ".join(name.replace("_", " ") for name in last.fields) or "it"
    return (
        f"{user or 'Somebody'} changed {what} on {when:%-d %B %Y} at {when:%H:%M}, after you"
        " opened this page. What you typed is still here: check it, then save again."
    )


def saved(response: HttpResponse, request: HttpRequest, key: str) -> HttpResponse:
    """Forget the draft of a form that has been saved for good, here and on the device."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, Member):
        draft.clear(key=key, by=actor)
    response.set_cookie("draft_done", key, max_age=60, samesite="Lax", secure=request.is_secure())
    return response


def _go_on_from(form: forms.Form, stale: Stale) -> None:
    """Have the form, when it is sent again, start from the version that is there now."""
    if "version" in form.fields and isinstance(form.data, QueryDict):
        data = form.data.copy()
        # The action counted up the row that it held; what is stored was not changed.
        data[form.add_prefix("version")] = str(stale.row.version)
        form.data = data
