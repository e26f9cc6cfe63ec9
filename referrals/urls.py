"""Addresses of this room; accepting lives in `casework`, which opens the case."""

from __future__ import annotations

from django.urls import path

from referrals.views import referral

urlpatterns = [
    path("refer/", referral.refer, name="refer"),
    path("refer/thank-you/", referral.thanks, name="refer_thanks"),
    path("referrals/", referral.list_referrals, name="referrals"),
    path("referrals/new/", referral.make, name="make_referral"),
    path("referrals/sent/<str:reference>/", referral.show_sent, name="referral_sent"),
    path("referrals/<str:reference>/", referral.show, name="referral"),
    path("referrals/<str:reference>/decline/", referral.decline, name="decline_referral"),
]
