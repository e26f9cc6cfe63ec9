from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people/`."""

    name = "people"
