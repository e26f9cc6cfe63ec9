"""`manage.py open_agency SLUG NAME KIND [--phone P]`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug

from access.actor import Operator
from access.context import transact
from agencies.actions import membership
from agencies.enums import AgencyKind
from agencies.models import Agency


class Command(BaseCommand):
    """Adds an agency that works here from now on: the first step of every installation."""

    help = "Add an agency. Then appoint its first two administrators with appoint."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which agency, and what sort it is."""
        parser.add_argument("slug", help="short, in small letters and hyphens: riverside-council")
        parser.add_argument("name")
        parser.add_argument("kind", choices=AgencyKind.values)
        parser.add_argument("--phone", default="", help="whom partners without access may ring")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add it; CommandError for a slug that is none, or that another agency has."""
        slug = options["slug"].lower()
        try:
            validate_slug(slug)
        except ValidationError:
            raise CommandError("A slug has small letters, digits and hyphens alone.") from None
        with transact(Operator("open_agency")):
            if Agency.objects.filter(slug=slug).exists():
                raise CommandError(f"There is an agency with the slug {slug} already.")
            membership.open_agency(
                slug=slug, name=options["name"], kind=options["kind"], phone=options["phone"],
                by=Operator("open_agency"),
            )  # fmt: skip
        self.stdout.write(
            f"{options['name']} works here from now. Appoint two administrators:"
            f" manage.py appoint USERNAME {slug} administrator --name … --email …"
        )
