from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The room `reporting/`."""

    name = "reporting"
