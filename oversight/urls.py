"""Addresses of the auditor's workbench."""

from __future__ import annotations

from django.urls import path

from oversight.views import register, trail

app_name = "oversight"

urlpatterns = [
    path("", register.my_day, name="my_day"),
    path("looked/", register.looked, name="looked"),
    path("consents/", register.show, {"register": "consents"}, name="consents"),
    path("decisions/", register.show, {"register": "decisions"}, name="decisions"),
    path("reads/", register.show, {"register": "reads"}, name="reads"),
    path("events/", register.show, {"register": "events"}, name="events"),
    path("consents/<uuid:consent_id>/", trail.consent, name="consent"),
    path("decisions/<uuid:decision_id>/", trail.decision, name="decision"),
    path("people/<str:reference>/", trail.person, name="person"),
    path("users/<uuid:user_id>/", trail.user, name="user"),
]
