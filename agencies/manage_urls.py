"""Addresses of an agency's administrators."""

from __future__ import annotations

from django.urls import path, re_path

from agencies.views import membership

app_name = "manage"

urlpatterns = [
    path("", membership.index, name="index"),
    path("memberships/", membership.memberships, name="memberships"),
    path("memberships/new/", membership.begin, name="begin_membership"),
    path("memberships/<uuid:membership_id>/end/", membership.end, name="end_membership"),
    path(
        "memberships/<uuid:membership_id>/second-step/",
        membership.remove_factors,
        name="remove_factors",
    ),
    re_path(r"^tokens/(?P<digest>[0-9a-f]{1,128})/$", membership.revoke_token, name="revoke_token"),
    path("proposals/<uuid:proposal_id>/", membership.proposal, name="proposal"),
    path("permissions/", membership.permissions, name="permissions"),
    path("permissions/change/", membership.change_permission, name="change_permission"),
]
