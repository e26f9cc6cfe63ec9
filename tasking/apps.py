from django.apps import AppConfig


class TaskingConfig(AppConfig):
    """The room `tasking/`."""

    name = "tasking"

    def ready(self) -> None:
        """Have open tasks go home when a share ends."""
        from sharing import endings
        from tasking.actions import task

        endings.follow(task.return_to_lead)
