"""Addresses of the registers, for administrators."""

from __future__ import annotations

from django.urls import path

from sharing.views import register

app_name = "registers"

urlpatterns = [
    path("", register.show_all, name="list"),
    path("changes/<uuid:change_id>/", register.decide, name="decide"),
    path("<str:kind>/<str:code>/", register.change, name="change"),
]
