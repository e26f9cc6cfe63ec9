from django.apps import AppConfig


class TaskingConfig(AppConfig):
    """The room `tasking/`."""

    name = "tasking"
