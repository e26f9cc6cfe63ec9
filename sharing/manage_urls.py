"""Addresses of agreements, for administrators."""

from __future__ import annotations

from django.urls import path

from sharing.views import agreement

app_name = "agreements"

urlpatterns = [
    path("", agreement.show_all, name="list"),
    path("new/", agreement.draw_up, name="draw_up"),
    path("<uuid:agreement_id>/", agreement.show, name="show"),
    path("<uuid:agreement_id>/confirm/", agreement.confirm, name="confirm"),
    path("<uuid:agreement_id>/suspend/", agreement.suspend, name="suspend"),
    path("<uuid:agreement_id>/review/", agreement.review, name="review"),
    path("<uuid:agreement_id>/resume/", agreement.resume, name="resume"),
]
