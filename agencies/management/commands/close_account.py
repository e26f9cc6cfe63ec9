"""`manage.py close_account USERNAME [--no-input]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.actor import Operator
from access.context import transact
from agencies.actions import membership
from agencies.confirming import confirmed
from agencies.models import Membership, User


class Command(BaseCommand):
    """Ends an account for good: whoever has left all agencies, or whose account was stolen."""

    help = "Close an account at once; whoever its user leads goes to a manager of their agency."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and whether to ask."""
        parser.add_argument("username")
        parser.add_argument(
            "--no-input", action="store_true", help="do not ask whether it is meant"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Close it; CommandError for one that is none, or closed already."""
        by = Operator("close_account")
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError("There is no open account with this user name.")
        if not options["no_input"]:
            roles = Membership.objects.live().filter(user=user).select_related("agency")
            places = ", ".join(f"{one.role} of {one.agency}" for one in roles) or "no member now"
            confirmed(self, f"This closes the account of {user.name} ({places}).", user.username)
        with transact(by):
            membership.close_account(user=user, by=by)
        self.stdout.write(f"The account of {user.name} is closed.")
