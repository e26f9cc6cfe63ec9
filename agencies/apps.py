from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _sync_permissions(**kwargs: Any) -> None:
    from agencies.actions import permission

    permission.sync()


class AgenciesConfig(AppConfig):
    """The room `agencies/`."""

    name = "agencies"

    def ready(self) -> None:
        """Keep guardian's rows in step with the matrix after every migration.

        Django has no other hook after migrations; no business flow hangs on it.
        """
        from django.apps import apps

        post_migrate.connect(_sync_permissions, sender=apps.get_app_config("guardian"))
