from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The room `api/`."""

    name = "api"
