"""Addresses of impact assessments, for administrators."""

from __future__ import annotations

from django.urls import path

from sharing.views import register

app_name = "assessments"

urlpatterns = [
    path("", register.assessments, name="list"),
    path("new/", register.assess, name="new"),
    path("<uuid:assessment_id>/sign/", register.sign, name="sign"),
    path("<uuid:assessment_id>/take-back/", register.withdraw, name="withdraw"),
]
