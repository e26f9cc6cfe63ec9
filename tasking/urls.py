"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from tasking.views import tasking

urlpatterns = [
    path("tasking/", tasking.show, name="tasking"),
    path("tasking/today/", tasking.meet, name="tasking_today"),
    path("tasking/today/present/", tasking.present, name="tasking_present"),
    path("tasking/today/agenda/", tasking.add_to_agenda, name="add_to_agenda"),
    path("tasking/today/agenda/<uuid:key>/", tasking.decide, name="decide_agenda"),
    path("tasking/today/close/", tasking.close, name="close_meeting"),
    path("tasks/<uuid:key>/", tasking.answer, name="task"),
    path("tasks/<uuid:key>/change/", tasking.change, name="change_task"),
    path("people/<str:reference>/task/", tasking.assign, name="assign_task"),
    path("people/<str:reference>/tell-the-lead/", tasking.tell_lead, name="tell_lead"),
    path("ring-me/", tasking.ring, name="ring_me"),
    path("alerts/", tasking.list_alerts, name="alerts"),
    path("alerts/<uuid:key>/seen/", tasking.see_alert, name="see_alert"),
]
