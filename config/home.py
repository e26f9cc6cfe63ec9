"""`/`: each role's own “my day”, from the room that it works in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from access.roles import Role
from casework.views import my_day


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The day of the role that the user works as."""
    role = request.actor.role  # type: ignore[attr-defined]
    if role is Role.AUDITOR:
        return redirect("/oversight/")
    if role is Role.ADMINISTRATOR:
        return redirect("/manage/")
    if role is Role.ANALYST:
        return redirect("/reports/")
    return my_day.show(request)
