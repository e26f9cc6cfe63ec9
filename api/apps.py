from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ApiConfig(AppConfig):
    """The room `api/`."""

    name = "api"

    def ready(self) -> None:
        """Have the database know what the lists of the API read."""
        # Once a migration, when every room's tables are there.
        post_migrate.connect(_install, sender=self, dispatch_uid="install_lists")


def _install(using: str = "default", **_: Any) -> None:
    # Here, since views can't be imported before all models are.
    from api.v1 import cases, person
    from sharing import judged

    judged.install(person.PARTS, cases.PARTS, using=using)
