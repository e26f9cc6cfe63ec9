"""What every page shows: the hat, the way around, the time-out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from access.roles import Role
from agencies.enums import ROLE_LABELS
from agencies.models import Notice

WORK = [
    ("My day", "/"),
    ("People", "/people/"),
    ("Cases", "/cases/"),
    ("Referrals", "/referrals/"),
    ("Tasking", "/tasking/"),
    ("Directory", "/directory/"),
    ("Duty", "/duty/"),
]
MENU: dict[Role, list[tuple[str, str]]] = {
    Role.PRACTITIONER: WORK,
    Role.CLINICIAN: WORK,
    Role.MANAGER: WORK,
    Role.AUDITOR: [("My day", "/"), ("Oversight", "/oversight/"), ("Directory", "/directory/")],
    Role.ADMINISTRATOR: [("My day", "/"), ("Manage", "/manage/"), ("Directory", "/directory/")],
    Role.ANALYST: [("My day", "/"), ("Reports", "/reports/"), ("Directory", "/directory/")],
}


def hat(request: HttpRequest) -> dict[str, Any]:
    """The membership that the user works as, the menu of its role, and the time-out."""
    found = getattr(request, "hat", None)
    context: dict[str, Any] = {
        "timeout": {
            "seconds": settings.IDLE_SECONDS,
            "warning": settings.TIMEOUT_WARNING_SECONDS,
        },
        "sign_out_url": "/sign-out/",
        "is_demo": settings.DEMO,
    }
    if found is None:
        return context
    role = Role(found.role)
    context["working_as"] = {
        "id": found.pk,
        "agency": found.agency.name,
        "role": ROLE_LABELS[role],
        "switch": len(getattr(request, "hats", ())) > 1,
    }
    context["navigation"] = [
        {
            "text": text,
            "href": href,
            "current": request.path == href or (href != "/" and request.path.startswith(href)),
        }
        for text, href in MENU[role]
    ]
    unseen = Notice.objects.filter(user_id=found.user_id, seen_at=None).count()
    context["notices_unseen"] = unseen
    context["footer_links"] = [
        {"text": f"Notices ({unseen})" if unseen else "Notices", "href": "/notices/"},
        {"text": "Your account", "href": "/account/"},
    ]
    return context
