from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SharingConfig(AppConfig):
    """The room `sharing/`."""

    name = "sharing"

    def ready(self) -> None:
        """Fill the registry of who may see whom; end shares with those who leave."""
        from access import scope
        from agencies import endings
        from sharing import candidates, gathered, reach, rule_sql
        from sharing.actions import leaving
        from sharing.scope import SharingScope
        from sharing.wall import raise_wall

        scope.register(SharingScope())
        endings.follow(leaving.leave)
        # Once a migration, when every room's tables are there.
        post_migrate.connect(raise_wall, sender=self, dispatch_uid="raise_wall")
        post_migrate.connect(reach.install, sender=self, dispatch_uid="install_reach")
        post_migrate.connect(gathered.install, sender=self, dispatch_uid="install_gathered")
        post_migrate.connect(rule_sql.install, sender=self, dispatch_uid="install_rule")
        post_migrate.connect(candidates.install, sender=self, dispatch_uid="install_candidates")
