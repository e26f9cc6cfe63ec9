from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """The room `referrals/`."""

    name = "referrals"
