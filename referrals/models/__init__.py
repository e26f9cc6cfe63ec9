"""Referrals."""

from referrals.models.referral import Referral

__all__ = ["Referral"]
