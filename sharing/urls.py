"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from sharing.views import break_glass, sharing

urlpatterns = [
    path("people/<str:reference>/sharing/", sharing.show, name="sharing"),
    path("people/<str:reference>/sharing/consent/", sharing.add_consent, name="add_consent"),
    path(
        "people/<str:reference>/sharing/decision/",
        sharing.propose_decision,
        name="propose_decision",
    ),
    path("consents/<uuid:key>/withdraw/", sharing.withdraw, name="withdraw_consent"),
    path("sharing-decisions/<uuid:key>/approve/", sharing.approve, name="approve_decision"),
    path("emergency-access/", break_glass.ask, name="ask_emergency"),
    path("emergency-access/<uuid:key>/", break_glass.show, name="emergency"),
    path("emergency-access/<uuid:key>/close/", break_glass.finish, name="finish_emergency"),
    path("sharing-decisions/<uuid:key>/end/", sharing.end_decision, name="end_decision"),
]
