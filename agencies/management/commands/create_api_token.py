"""`manage.py create_api_token USERNAME AGENCY-SLUG [--days N] [--role R]`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.actor import Operator
from access.context import transact
from agencies.models import ApiToken, Membership
from audit import trail


class Command(BaseCommand):
    """Makes a token for one membership and prints it once."""

    help = "Make an API token for a user's membership of an agency, and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, where, and for how long."""
        parser.add_argument("username")
        parser.add_argument("agency")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--role", help="Which membership, if there are several.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the token; CommandError when there is no such live membership, or several."""
        if not 1 <= options["days"] <= 366:
            raise CommandError("A token lives between 1 and 366 days.")
        with transact(Operator("create_api_token")):
            found = Membership.objects.live().filter(
                user__username=options["username"], agency__slug=options["agency"]
            )
            if options["role"]:
                found = found.filter(role=options["role"])
            if len(found) != 1:
                raise CommandError(
                    "There is no such membership."
                    if not found
                    else "There are several such memberships: say which with --role."
                )
            membership = found[0]
            token, secret = ApiToken.objects.create(
                user=membership.user, expiry=timedelta(days=options["days"]), membership=membership
            )
            trail.record(
                Operator("create_api_token"),
                "token.created",
                subject=membership,
                detail={"user": membership.user_id, "days": options["days"]},
            )
        self.stdout.write(secret)
