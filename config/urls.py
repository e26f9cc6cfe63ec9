"""Every address of the product, one line a room."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("agencies.urls")),
]
