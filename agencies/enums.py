"""Words of agencies."""

from __future__ import annotations

from django.db import models

from access.roles import Role


class AgencyKind(models.TextChoices):
    """What sort of organisation an agency is."""

    COUNCIL = "council", "Council"
    POLICE = "police", "Police"
    PROBATION = "probation", "Probation"
    YOUTH_JUSTICE = "youth_justice", "Youth justice service"
    HEALTH = "health", "Health"
    SCHOOL = "school", "School"
    HOUSING = "housing", "Housing"
    JOBCENTRE = "jobcentre", "Jobcentre"
    PRISON = "prison", "Prison"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    COMMUNITY = "community", "Community organisation"
    INTEGRATED_UNIT = "integrated_unit", "Integrated unit"


class ProposalState(models.TextChoices):
    """Where a proposal of a membership stands."""

    PROPOSED = "proposed", "Waiting for a second administrator"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


ROLE_LABELS: dict[str, str] = {
    Role.PRACTITIONER: "Practitioner",
    Role.CLINICIAN: "Clinician",
    Role.MANAGER: "Manager",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
    Role.ANALYST: "Analyst",
}

ROLE_CHOICES = [(role.value, ROLE_LABELS[role]) for role in Role]
