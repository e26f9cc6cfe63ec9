from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The room `sharing/`."""

    name = "sharing"

    def ready(self) -> None:
        """Fill the registry of who may see whom; end shares with those who leave."""
        from access import scope
        from agencies import endings
        from sharing.actions import leaving
        from sharing.scope import SharingScope

        scope.register(SharingScope())
        endings.follow(leaving.leave)
