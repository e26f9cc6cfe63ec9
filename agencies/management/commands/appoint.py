"""`manage.py appoint USERNAME AGENCY-SLUG ROLE [--name N --email E]`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from access.actor import Operator
from access.context import transact
from access.roles import Role
from agencies.actions import account, membership
from agencies.membership_forms import USERNAME
from agencies.models import Agency, User
from core.errors import Conflict


class Command(BaseCommand):
    """Gives somebody a role at an agency, and an account if they have none.

    For the first two administrators of an agency, who then do it on their pages; and where
    both have left.
    """

    help = "Give somebody a role at an agency; opens an account and sends a link if they have none."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, where, as what."""
        parser.add_argument("username")
        parser.add_argument("agency", metavar="AGENCY-SLUG")
        parser.add_argument("role", choices=[role.value for role in Role])
        parser.add_argument("--name", help="of somebody who has no account yet")
        parser.add_argument("--email", help="work address of somebody who has no account yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Appoint them; CommandError where agency, account or address are not as they must be."""
        by = Operator("appoint")
        with transact(by):
            agency = Agency.objects.filter(slug=options["agency"]).first()
            if agency is None:
                raise CommandError(f"There is no agency with the slug {options['agency']}.")
            user = User.objects.filter(username__iexact=options["username"]).first()
            if user is not None and not user.is_active:
                raise CommandError("This account has been closed. Open another.")
            opened = user is None
            user = user or _opened(options, by)
            try:
                membership.begin(user=user, agency=agency, role=Role(options["role"]), by=by)
            except Conflict as error:
                raise CommandError(str(error)) from error
            if opened:
                account.invite(user=user)
        self.stdout.write(
            f"{user.name} is {options['role']} of {agency.name} from now."
            + (f" A link to choose a password goes to {user.email}." if opened else "")
        )


def _opened(options: dict[str, Any], by: Operator) -> User:
    if not options["name"] or not options["email"]:
        raise CommandError("There is no such account: give --name and --email to open it.")
    if not USERNAME.fullmatch(options["username"]):
        raise CommandError("A user name has 3 to 61 small letters, digits, hyphens or full stops.")
    try:
        validate_email(options["email"])
    except ValidationError:
        raise CommandError("This is no email address.") from None
    if User.objects.filter(email__iexact=options["email"]).exists():
        raise CommandError("There is an account with this address already: name that one.")
    return membership.open_account(
        username=options["username"], name=options["name"], email=options["email"],
        password=None, by=by,
    )  # fmt: skip
