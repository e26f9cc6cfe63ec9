"""Addresses of the auditor's workbench."""

from __future__ import annotations

from django.urls import path

from oversight.views import alert, cause, finding, register, sample, summary, trail

app_name = "oversight"

urlpatterns = [
    path("", register.my_day, name="my_day"),
    path("looked/", register.looked, name="looked"),
    path("consents/", register.show, {"register": "consents"}, name="consents"),
    path("decisions/", register.show, {"register": "decisions"}, name="decisions"),
    path("reads/", register.show, {"register": "reads"}, name="reads"),
    path("events/", register.show, {"register": "events"}, name="events"),
    path("agreements/", register.show, {"register": "agreements"}, name="agreements"),
    path("emergency-access/", register.show, {"register": "break_glass"}, name="break_glass"),
    path("consents/views/", register.save_view, {"register": "consents"}, name="save_consents"),
    path("decisions/views/", register.save_view, {"register": "decisions"}, name="save_decisions"),
    path("reads/views/", register.save_view, {"register": "reads"}, name="save_reads"),
    path("events/views/", register.save_view, {"register": "events"}, name="save_events"),
    path(
        "agreements/views/", register.save_view, {"register": "agreements"}, name="save_agreements"
    ),
    path(
        "emergency-access/views/",
        register.save_view,
        {"register": "break_glass"},
        name="save_break_glass",
    ),
    path("exports/", register.show, {"register": "exports"}, name="exports"),
    path("matching/", register.show, {"register": "matching"}, name="matching"),
    path("exports/views/", register.save_view, {"register": "exports"}, name="save_exports"),
    path("matching/views/", register.save_view, {"register": "matching"}, name="save_matching"),
    path("views/<uuid:view_id>/remove/", register.remove_view, name="remove_view"),
    path("consents/<uuid:consent_id>/", trail.consent, name="consent"),
    path("decisions/<uuid:decision_id>/", trail.decision, name="decision"),
    path("people/<str:reference>/", trail.person, name="person"),
    path("people/<str:reference>/viewers/", trail.viewers, name="viewers"),
    path("users/<uuid:user_id>/", trail.user, name="user"),
    path("users/<uuid:user_id>/viewed/", trail.viewed, name="viewed"),
    path("samples/", sample.draw, name="samples"),
    path("samples/<uuid:sample_id>/", sample.show, name="sample"),
    path("shares/<uuid:share_id>/", sample.share, name="share"),
    path("shares/<uuid:share_id>/open/", sample.open_content, name="open_share"),
    path("shares/<uuid:share_id>/content/", sample.content, name="share_content"),
    path("shares/<uuid:share_id>/finding/", finding.write_on_share, name="finding_on_share"),
    path("causes/", cause.show_list, name="causes"),
    path("causes/new/", cause.ask, name="ask_cause"),
    path("causes/<uuid:cause_id>/", cause.show, name="cause"),
    path("causes/<uuid:cause_id>/decide/", cause.decide, name="decide_cause"),
    path("causes/<uuid:cause_id>/open/", cause.open_content, name="open_cause"),
    path("causes/<uuid:cause_id>/content/", cause.content, name="cause_content"),
    path("causes/<uuid:cause_id>/finding/", finding.write_on_cause, name="finding_on_cause"),
    path("findings/", finding.show_list, name="findings"),
    path("findings/<uuid:finding_id>/", finding.show, name="finding"),
    path("findings/<uuid:finding_id>/close/", finding.close, name="close_finding"),
    path("alerts/", alert.show_list, name="alerts"),
    path("alerts/<uuid:alert_id>/", alert.show, name="alert"),
    path("summary/", summary.show, name="summary"),
    path("summary/pdf/", summary.as_pdf, name="summary_pdf"),
    path("summary/csv/", summary.as_csv, name="summary_csv"),
]
