from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The room `casework/`."""

    name = "casework"

    def ready(self) -> None:
        """Have cases move to a manager when their lead worker leaves."""
        from agencies import endings
        from casework.actions import lead

        endings.follow(lead.follow_leaver)
