"""Floor 2: community services, in Open Referral's words."""
