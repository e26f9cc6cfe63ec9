"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from casework.views import about_me, case, contact, family, log, my_day, opening, person, plan

urlpatterns = [
    path("workload/", my_day.workload, name="workload"),
    path("people/", person.find, name="people"),
    path("people/<str:reference>/", person.show, name="person"),
    path("link/about-me/", about_me.use_card, name="use_card"),
    path("people/<str:reference>/about-me/", about_me.show, name="about_me"),
    path("people/<str:reference>/about-me/approved/", about_me.approve, name="approve_about_me"),
    path("people/<str:reference>/about-me/print/", about_me.printed, name="print_about_me"),
    path("people/<str:reference>/about-me/card/", about_me.card, name="card"),
    path("sayings/<uuid:key>/answer/", about_me.answer, name="answer_saying"),
    path("people/<str:reference>/timeline/", person.timeline, name="timeline"),
    path("people/<str:reference>/who-they-are/", person.edit_identity, name="edit_identity"),
    path("people/<str:reference>/contact/", contact.add, name="add_contact"),
    path("contact-points/<uuid:key>/", contact.change, name="change_contact"),
    path("contact-points/<uuid:key>/end/", contact.end, name="end_contact"),
    path("people/<str:reference>/family/", family.add, name="add_relative"),
    path("relatives/<uuid:key>/", family.change, name="change_relative"),
    path("relatives/<uuid:key>/end/", family.end, name="end_relative"),
    path("people/<str:reference>/safety/", person.edit_safety_plan, name="edit_safety_plan"),
    path("people/<str:reference>/events/", person.record_event, name="record_event"),
    path("people/<str:reference>/plan/", plan.show, name="plan"),
    path("people/<str:reference>/plan/print/", plan.printed, name="print_plan"),
    path("people/<str:reference>/plan/goals/", plan.add_goal, name="add_goal"),
    path("people/<str:reference>/plan/to-do/", plan.plan_intervention, name="plan_intervention"),
    path(
        "people/<str:reference>/plan/to-do/<uuid:key>/done/",
        plan.complete_planned,
        name="complete_planned",
    ),
    path("people/<str:reference>/plan/agreed/", plan.agree, name="agree_plan"),
    path("people/<str:reference>/plan/review/", plan.review, name="review_plan"),
    path("goals/<uuid:key>/words/", plan.reword_goal, name="reword_goal"),
    path("goals/<uuid:key>/rating/", plan.rate_goal, name="rate_goal"),
    path("goals/<uuid:key>/end/", plan.finish_goal, name="finish_goal"),
    path("goals/<uuid:key>/again/", plan.resume_goal, name="resume_goal"),
    path("referrals/<str:reference>/accept/", opening.accept, name="accept_referral"),
    path("log/", log.choose, name="log_choose"),
    path("log/<str:reference>/", log.log, name="log"),
    path("interventions/<uuid:key>/", log.show, name="intervention"),
    path("interventions/<uuid:key>/words/", log.amend, name="amend_intervention"),
    path("cases/", case.list_cases, name="cases"),
    path("cases/<str:reference>/", case.show, name="case"),
    path("cases/<str:reference>/lead/", case.assign, name="assign_lead"),
    path("cases/<str:reference>/team/", case.join_team, name="join_team"),
    path(
        "cases/<str:reference>/team/<uuid:key>/end/",
        case.leave_team,
        name="leave_team",
    ),
    path("cases/<str:reference>/cover/", case.cover, name="cover_lead"),
    path("cases/<str:reference>/step-down/", case.propose_step_down, name="propose_step_down"),
    path(
        "cases/<str:reference>/step-down/decision/",
        case.decide_step_down,
        name="decide_step_down",
    ),
    path("cases/<str:reference>/close/", case.close, name="close_case"),
    path("cases/<str:reference>/reopen/", case.reopen, name="reopen_case"),
    path("follow-ups/<uuid:key>/", case.follow_up, name="follow_up"),
]
