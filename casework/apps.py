from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CaseworkConfig(AppConfig):
    """The room `casework/`."""

    name = "casework"

    def ready(self) -> None:
        """Have a manager go on with what somebody who leaves has led; have lists read at once."""
        from agencies import endings
        from casework.actions import lead, step_down

        endings.follow(lead.follow_leaver)
        endings.follow(step_down.follow_leaver)
        # Once a migration, when every room's tables are there.
        post_migrate.connect(_install, sender=self, dispatch_uid="install_lines")


def _install(using: str = "default", **_: Any) -> None:
    from casework.queries.lines import LINES
    from sharing import judged

    judged.install(LINES, using=using)
