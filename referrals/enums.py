"""Words of referrals."""

from __future__ import annotations

from django.db import models


class Door(models.TextChoices):
    """Where a referral comes from: any door is open."""

    SELF = "self", "The young person"
    PEER = "peer", "A friend"
    FAMILY = "family", "Family"
    HOSPITAL = "hospital", "Hospital"
    PRISON = "prison", "Prison"
    POLICE = "police", "Police"
    YOUTH_JUSTICE = "youth_justice", "Youth justice service"
    PROBATION = "probation", "Probation"
    SCHOOL = "school", "School or college"
    SOCIAL_CARE = "social_care", "Social care"
    HOUSING = "housing", "Housing"
    JOBCENTRE = "jobcentre", "Jobcentre"
    CHARITY = "charity", "Charity"
    OUTREACH = "outreach", "Outreach"


class ReferralState(models.TextChoices):
    """Where a referral stands."""

    RECEIVED = "received", "Waiting for a decision"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class Known(models.TextChoices):
    """An answer of three: nobody has to guess."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not sure"


class DeclineReason(models.TextChoices):
    """Why a referral was declined. Declining never closes the door."""

    DOES_NOT_WANT = "does_not_want", "The young person does not want this now"
    ALREADY_SUPPORTED = "already_supported", "Somebody else is already doing this well"
    OTHER_BOROUGH = "other_borough", "Lives where another unit works"
    BETTER_PLACED = "better_placed", "Another service is better placed"
    CANNOT_REACH = "cannot_reach", "We could not reach the young person"
    NO_CAPACITY = "no_capacity", "We have no capacity"
