"""Addresses of the directory's pages, and of its open feed."""

from __future__ import annotations

from django.urls import path

from directory.views import feed, service

_FEED = "open-referral/v3/"

urlpatterns = [
    path("directory/", service.search, name="directory"),
    path("directory/new/", service.add, name="directory_add"),
    path("directory/<uuid:service_id>/", service.show, name="directory_service"),
    path("directory/<uuid:service_id>/print/", service.paper, name="directory_print"),
    path("directory/<uuid:service_id>/edit/", service.edit, name="directory_edit"),
    path("directory/<uuid:service_id>/checked/", service.checked, name="directory_checked"),
    # Anonymous. Without slashes at the end: those are the standard's addresses.
    path(_FEED, feed.about, name="feed"),
    path(f"{_FEED}services", feed.services, name="feed_services"),
    path(f"{_FEED}services/<str:public_id>", feed.service, name="feed_service"),
    path(f"{_FEED}organizations", feed.organizations, name="feed_organizations"),
    path(f"{_FEED}organizations/<str:public_id>", feed.organization, name="feed_organization"),
    path(f"{_FEED}taxonomies", feed.taxonomies, name="feed_taxonomies"),
    path(f"{_FEED}taxonomies/<str:public_id>", feed.taxonomy, name="feed_taxonomy"),
    path(f"{_FEED}taxonomy_terms", feed.taxonomy_terms, name="feed_taxonomy_terms"),
    path(f"{_FEED}taxonomy_terms/<str:public_id>", feed.taxonomy_term, name="feed_taxonomy_term"),
    path(
        f"{_FEED}service_at_locations",
        feed.service_at_locations,
        name="feed_service_at_locations",
    ),
    path(
        f"{_FEED}service_at_locations/<str:public_id>",
        feed.service_at_location,
        name="feed_service_at_location",
    ),
]
