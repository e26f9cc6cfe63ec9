"""`manage.py rotate_vault_key`: wrap every data key with the first of VAULT_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from access.actor import Operator
from access.context import transact
from people.actions import safe_address
from people.vault import Locked


class Command(BaseCommand):
    """Put the new secret first in VAULT_KEYS, run this, then take the old one out."""

    help = "Wrap the keys of all safe addresses with the first of VAULT_KEYS. Opens no address."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go on until nothing is left; each thousand is a transaction of its own."""
        by, wrapped = Operator("rotate_vault_key"), 0
        try:
            while True:
                with transact(by, route="rotate_vault_key"):
                    done = safe_address.rotate(by=by)
                wrapped += done
                if not done:
                    break
        except Locked as error:
            raise CommandError(f"Nothing more was changed. {error}") from error
        self.stdout.write(f"Wrapped {wrapped} anew.")
