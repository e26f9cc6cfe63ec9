"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path

from reporting.views import report

app_name = "reporting"

urlpatterns = [path("", report.show, name="show")]
