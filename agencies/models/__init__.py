"""Agencies, the people who work in them and what belongs to a user alone."""

from agencies.models.agency import Agency, AgencyActivity, WithheldPermission
from agencies.models.draft import Draft
from agencies.models.membership import Membership
from agencies.models.notice import Notice
from agencies.models.proposal import MembershipProposal
from agencies.models.rota import DutyShift
from agencies.models.token import ApiToken
from agencies.models.user import User, UserActivity

__all__ = [
    "Agency",
    "AgencyActivity",
    "ApiToken",
    "Draft",
    "DutyShift",
    "Membership",
    "MembershipProposal",
    "Notice",
    "User",
    "UserActivity",
    "WithheldPermission",
]
