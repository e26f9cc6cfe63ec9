from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The room `oversight/`."""

    name = "oversight"
