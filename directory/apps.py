from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The room `directory/`."""

    name = "directory"
