"""Addresses of an agency's administrators."""

from __future__ import annotations

from django.urls import path

from agencies.views import membership

app_name = "manage"

urlpatterns = [
    path("", membership.index, name="index"),
    path("memberships/", membership.memberships, name="memberships"),
    path("memberships/new/", membership.begin, name="begin_membership"),
    path("memberships/<uuid:membership_id>/end/", membership.end, name="end_membership"),
    path("proposals/<uuid:proposal_id>/", membership.proposal, name="proposal"),
    path("permissions/", membership.permissions, name="permissions"),
    path("permissions/change/", membership.change_permission, name="change_permission"),
]
