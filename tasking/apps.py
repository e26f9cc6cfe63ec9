from django.apps import AppConfig


class TaskingConfig(AppConfig):
    """The room `tasking/`."""

    name = "tasking"

    def ready(self) -> None:
        """Have open tasks go home when a share ends."""
        from sharing import endings
        from tasking.actions import task

        endings.follow("task", foresee=task.foresee, carry_out=task.go_home)
