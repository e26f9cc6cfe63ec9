from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The room `audit/`."""

    name = "audit"

    def ready(self) -> None:
        """Register the check of the sinks."""
        from audit import checks  # noqa: F401
