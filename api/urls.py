"""Addresses of the API, under /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from api import documentation
from api.v1 import (
    access_records,
    cases,
    consents,
    events,
    goals,
    interventions,
    involvements,
    people,
    referrals,
    sharing_decisions,
    step_downs,
    tasks,
)
from api.views import NothingHere

app_name = "api"

urlpatterns = [
    path("people/", people.PeopleView.as_view(), name="people"),
    path("people/<str:reference>/", people.PersonView.as_view(), name="person"),
    path("people/<str:reference>/alerts/", people.AlertsView.as_view(), name="alerts"),
    path("people/<str:reference>/alerts/<str:alert_id>/", people.AlertView.as_view(), name="alert"),
    path("referrals/", referrals.ReferralsView.as_view(), name="referrals"),
    path("referrals/<str:reference>/", referrals.ReferralView.as_view(), name="referral"),
    path(
        "referrals/<str:reference>/decision/",
        referrals.ReferralDecisionView.as_view(),
        name="referral_decision",
    ),
    path("cases/", cases.CasesView.as_view(), name="cases"),
    path("cases/<str:reference>/", cases.CaseView.as_view(), name="case"),
    path("cases/<str:reference>/lead/", cases.LeadView.as_view(), name="lead"),
    path(
        "cases/<str:reference>/plan/agreement/",
        cases.PlanAgreementView.as_view(),
        name="plan_agreement",
    ),
    path("cases/<str:reference>/step-down/", step_downs.StepDownView.as_view(), name="step_down"),
    path(
        "cases/<str:reference>/step-down/decision/",
        step_downs.StepDownDecisionView.as_view(),
        name="step_down_decision",
    ),
    path("cases/<str:reference>/closing/", step_downs.ClosingView.as_view(), name="closing"),
    path("cases/<str:reference>/reopening/", cases.ReopeningView.as_view(), name="reopening"),
    path("interventions/", interventions.InterventionsView.as_view(), name="interventions"),
    path(
        "interventions/<str:row_id>/",
        interventions.InterventionView.as_view(),
        name="intervention",
    ),
    path("goals/", goals.GoalsView.as_view(), name="goals"),
    path("goals/<str:row_id>/", goals.GoalView.as_view(), name="goal"),
    path("goals/<str:row_id>/ratings/", goals.GoalRatingsView.as_view(), name="goal_ratings"),
    path("goals/<str:row_id>/ending/", goals.GoalEndingView.as_view(), name="goal_ending"),
    path("involvements/", involvements.InvolvementsView.as_view(), name="involvements"),
    path("involvements/<str:row_id>/", involvements.InvolvementView.as_view(), name="involvement"),
    path("consents/", consents.ConsentsView.as_view(), name="consents"),
    path("consents/<str:row_id>/", consents.ConsentView.as_view(), name="consent"),
    path("consents/<str:row_id>/withdrawal/", consents.WithdrawalView.as_view(), name="withdrawal"),
    path("consents/<str:row_id>/fhir/", consents.FhirView.as_view(), name="consent_fhir"),
    path(
        "sharing-decisions/",
        sharing_decisions.SharingDecisionsView.as_view(),
        name="sharing_decisions",
    ),
    path(
        "sharing-decisions/<str:row_id>/",
        sharing_decisions.SharingDecisionView.as_view(),
        name="sharing_decision",
    ),
    path(
        "sharing-decisions/<str:row_id>/approval/",
        sharing_decisions.ApprovalView.as_view(),
        name="approval",
    ),
    path(
        "sharing-decisions/<str:row_id>/ending/",
        sharing_decisions.DecisionEndingView.as_view(),
        name="decision_ending",
    ),
    path("tasks/", tasks.TasksView.as_view(), name="tasks"),
    path("tasks/<str:row_id>/", tasks.TaskView.as_view(), name="task"),
    path("tasks/<str:row_id>/answer/", tasks.TaskAnswerView.as_view(), name="task_answer"),
    path("events/", events.EventsView.as_view(), name="events"),
    path("events/<str:row_id>/", events.EventView.as_view(), name="event"),
    path("access-records/", access_records.AccessRecordsView.as_view(), name="access_records"),
    path("schema/", documentation.SchemaView.as_view(), name="schema"),
    path("docs/", documentation.DocsView.as_view(), name="docs"),
    # Instead of a page: a wrong address is answered like a hidden record.
    re_path(r"^.*$", NothingHere.as_view(), name="nothing"),
]
