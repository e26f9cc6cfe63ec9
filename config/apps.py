from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top floor: an app only so that its management commands are found."""

    name = "config"
