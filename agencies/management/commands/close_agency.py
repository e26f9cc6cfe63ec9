"""`manage.py close_agency SLUG [--no-input]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.actor import Operator
from access.context import transact
from agencies.actions import membership
from agencies.confirming import confirmed
from agencies.models import Agency, AgencyActivity
from agencies.queries import workers


class Command(BaseCommand):
    """Ends an agency's work here: nothing opens to its people from this instant."""

    help = "Close an agency at once: nothing opens to its people any more."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and whether to ask."""
        parser.add_argument("slug")
        parser.add_argument(
            "--no-input", action="store_true", help="do not ask whether it is meant"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Close it; CommandError for one that is none, or closed already."""
        by = Operator("close_agency")
        agency = Agency.objects.filter(
            slug=options["slug"], pk__in=AgencyActivity.objects.live().values("agency_id")
        ).first()
        if agency is None:
            raise CommandError("There is no agency with this slug that works here now.")
        if not options["no_input"]:
            number = workers(agency.pk).order_by().values("user_id").distinct().count()
            confirmed(
                self,
                f"This closes {agency.name}. Its {number} workers see nobody any more, and whoever"
                " it leads has no lead worker who can see them: hand their cases over first.",
                agency.slug,
            )
        with transact(by):
            membership.close_agency(agency=agency, by=by)
        self.stdout.write(f"{agency.name} is closed.")
