from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing/`."""

    name = "sharing"

    def ready(self) -> None:
        """Fill the registry through which lower rooms ask who may see whom."""
        from access import scope
        from sharing.scope import SharingScope

        scope.register(SharingScope())
