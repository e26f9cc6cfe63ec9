"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from sharing.views import (
    break_glass,
    consent,
    decision,
    protection,
    routine,
    safe_address,
    sharing,
)

urlpatterns = [
    path("people/<str:reference>/sharing/", sharing.show, name="sharing"),
    path("people/<str:reference>/sharing/on-a-day/", sharing.then, name="sharing_then"),
    path("people/<str:reference>/sharing/consent/", consent.add_consent, name="add_consent"),
    path(
        "people/<str:reference>/sharing/decision/",
        decision.propose_decision,
        name="propose_decision",
    ),
    path("people/<str:reference>/safe-address/", safe_address.show, name="safe_address"),
    path(
        "people/<str:reference>/safe-address/change/",
        safe_address.change,
        name="change_safe_address",
    ),
    path(
        "people/<str:reference>/safe-address/release/",
        safe_address.release,
        name="release_safe_address",
    ),
    path("safe-address-releases/<uuid:key>/", safe_address.decide, name="decide_release"),
    path("emergency-access/", break_glass.ask, name="ask_emergency"),
    path("emergency-access/<uuid:key>/", break_glass.show, name="emergency"),
    path("emergency-access/<uuid:key>/close/", break_glass.finish, name="finish_emergency"),
    path("people/<str:reference>/protection/", protection.show, name="protection"),
    path("people/<str:reference>/protection/bar/", protection.add_bar, name="add_bar"),
    path("people/<str:reference>/protection/restrict/", protection.restrict, name="restrict"),
    path("protection/<str:kind>/<uuid:key>/review/", protection.review, name="review_protection"),
    path("protection/<str:kind>/<uuid:key>/lift/", protection.lift, name="lift_protection"),
    path("consents/<uuid:key>/withdraw/", consent.withdraw, name="withdraw_consent"),
    path("consents/<uuid:key>/receipt/", consent.receipt, name="consent_receipt"),
    path("consents/<uuid:key>/receipt/pdf/", consent.receipt_pdf, name="consent_receipt_pdf"),
    path("receipts/<uuid:key>/", consent.told, name="told_of_withdrawal"),
    path("sharing-decisions/<uuid:key>/approve/", decision.approve, name="approve_decision"),
    path("people/<str:reference>/sharing/partners/", routine.propose, name="propose_partners"),
    path("sharing-rounds/<uuid:key>/approve/", routine.approve, name="approve_round"),
    path("sharing-decisions/<uuid:key>/review/", decision.review, name="review_decision"),
    path("sharing-decisions/<uuid:key>/end/", decision.end_decision, name="end_decision"),
]
