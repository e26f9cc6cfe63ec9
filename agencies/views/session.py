"""The places where a user is signed in, and ending them from afar."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.views import ListUserSessionsView

from agencies.forms import SessionsForm
from agencies.rules import device_of


class Sessions(ListUserSessionsView):
    """Every session of the user; one or all others can be ended, on a lost phone say."""

    form_class = SessionsForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sessions with the device in words, this one first and then the latest used."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = sorted(context["sessions"], key=lambda session: session.last_seen_at, reverse=True)
        context["sessions"] = sorted(
            (
                {
                    "id": session.pk,
                    "device": device_of(session.user_agent),
                    "ip": session.ip,
                    "started": session.created_at,
                    "seen": session.last_seen_at,
                    "is_current": session.is_current(),
                }
                for session in found
            ),
            key=lambda row: not row["is_current"],
        )
        return context
