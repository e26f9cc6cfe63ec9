from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The room `casework/`."""

    name = "casework"
