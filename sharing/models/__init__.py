"""The facts from which access follows."""

from sharing.models.agreement import Agreement, AgreementParty, AgreementSuspension
from sharing.models.break_glass import BreakGlass
from sharing.models.consent import Consent, ConsentLine
from sharing.models.decision import (
    LawfulBasis,
    ProcessingCondition,
    SharingDecision,
    SharingRound,
)
from sharing.models.involvement import Involvement
from sharing.models.protection import Bar, BarReason, Restriction, RestrictionReason
from sharing.models.reach import Reach
from sharing.models.register import ImpactAssessment, RegisterChange
from sharing.models.release import SafeAddressRelease
from sharing.models.responsibility import LeadAgency
from sharing.models.withdrawal import Receipt, Withdrawal

__all__ = [
    "Agreement",
    "AgreementParty",
    "AgreementSuspension",
    "Bar",
    "BarReason",
    "BreakGlass",
    "Consent",
    "ConsentLine",
    "ImpactAssessment",
    "Involvement",
    "LawfulBasis",
    "LeadAgency",
    "ProcessingCondition",
    "Reach",
    "Receipt",
    "RegisterChange",
    "Restriction",
    "RestrictionReason",
    "SafeAddressRelease",
    "SharingDecision",
    "SharingRound",
    "Withdrawal",
]
