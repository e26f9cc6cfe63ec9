"""Every address of the product, one line a room."""

from __future__ import annotations

from django.urls import include, path

from config.health import health
from config.home import home

urlpatterns = [
    path("", home, name="my_day"),
    path("health/", health, name="health"),
    path("api/v1/", include("api.urls")),
    path("", include("agencies.urls")),
    path("", include("directory.urls")),
    path("", include("sharing.urls")),
    path("", include("tasking.urls")),
    path("", include("referrals.urls")),
    path("", include("casework.urls")),
    path("manage/agreements/", include("sharing.manage_urls")),
    path("manage/registers/", include("sharing.register_urls")),
    path("manage/assessments/", include("sharing.assessment_urls")),
    path("manage/", include("agencies.manage_urls")),
    path("oversight/", include("oversight.urls")),
    path("reports/", include("reporting.urls")),
]
