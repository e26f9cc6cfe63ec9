"""What each role may do at its agency: the whole matrix, on one screen.

Each permission is a django-guardian object permission on the Agency, held by the group of
that (agency, role); `agencies.actions.permission.sync` writes them from here. What a role
may *see* is `access.roles`; what is *shared* is never here.
"""

from __future__ import annotations

from access.roles import Role

PERMISSIONS: dict[str, str] = {
    "make_referral": "Make a referral",
    "log_intervention": "Log an intervention",
    "write_plan": "Write the plan and its goals",
    "record_consent": "Record consent and its withdrawal",
    "propose_share": "Propose a sharing decision",
    "answer_task": "Accept, do or block a task",
    "tell_lead": "Message the lead worker",
    "break_glass": "Open a record in an emergency",
    "propose_step_down": "Propose a step-down",
    "write_clinical_note": "Write clinical notes",
    "decide_referral": "Accept or decline a referral",
    "assign_lead": "Assign the lead worker, the team and cover",
    "approve_share": "Approve a sharing decision",
    "review_break_glass": "Review emergency access",
    "set_task": "Set a task and hold the tasking meeting",
    "approve_step_down": "Approve a step-down and close a case",
    "reopen_case": "Reopen a case",
    "bar_user": "Bar a user from a young person's record",
    "restrict_person": "Restrict a record to named workers",
    "edit_directory": "Edit the directory",
    "publish_rota": "Publish the duty rota",
    "see_workload": "See the workload of staff",
    "view_registers": "See the registers of consents, decisions and reads",
    "take_sample": "Open a sampled share",
    "write_finding": "Write a finding",
    "manage_memberships": "Manage memberships",
    "manage_agreements": "Manage information-sharing agreements",
    "manage_registers": "Manage registers and gates",
    "view_aggregates": "See suppressed aggregates",
}
"""Every permission with the words for it."""

_PRACTITIONER = frozenset(
    {
        "make_referral",
        "log_intervention",
        "write_plan",
        "record_consent",
        "propose_share",
        "answer_task",
        "tell_lead",
        "break_glass",
        "propose_step_down",
    }
)
_MANAGER = frozenset(
    {
        "decide_referral",
        "assign_lead",
        "approve_share",
        "review_break_glass",
        "set_task",
        "approve_step_down",
        "reopen_case",
        "bar_user",
        "restrict_person",
        "edit_directory",
        "publish_rota",
        "see_workload",
    }
)

MAY: dict[Role, frozenset[str]] = {
    Role.PRACTITIONER: _PRACTITIONER,
    Role.CLINICIAN: _PRACTITIONER | {"write_clinical_note"},
    Role.MANAGER: _PRACTITIONER | _MANAGER,
    Role.AUDITOR: frozenset({"view_registers", "take_sample", "write_finding"}),
    Role.ADMINISTRATOR: frozenset({"manage_memberships", "manage_agreements", "manage_registers"}),
    Role.ANALYST: frozenset({"view_aggregates"}),
}

NEEDS_TWO: frozenset[Role] = frozenset({Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles that it takes two administrators to give."""
