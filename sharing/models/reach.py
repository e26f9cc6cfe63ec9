"""The projection beside the involvements: whom a list of an agency may have to show."""

from __future__ import annotations

from django.db import models

from core.models import IMPERSONAL


class Reach(models.Model):
    """One person on the lists of one principal: an index over involvements, and no more.

    It opens nothing. A list takes its candidates from here, in order, and asks the rule
    about each; see `sharing.reach`, which also says what a principal is. The database
    writes it, in the same transaction as the involvement that it follows from.
    """

    classified = IMPERSONAL

    pk = models.CompositePrimaryKey("principal", "person_id")
    principal = models.UUIDField()
    person_id = models.UUIDField()
    lead = models.UUIDField(
        help_text="Whose agreement is needed for all of it; the nil UUID when that is not sure."
    )
    is_open = models.BooleanField(
        help_text="Whether there is more than the record of what has been closed."
    )
    carries = models.PositiveIntegerField(
        default=0, help_text="The categories of all of it, as bits, before anything is cut."
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="None: no end is set.")
    carded_since = models.DateTimeField(
        null=True,
        help_text="Of an agency: from when its workers are sure to see at least whom to ask, of "
        "anybody from whom they are not barred. None: that is not sure.",
    )
    carded_until = models.DateTimeField(null=True, help_text="None: no end is set.")
    carded_carries = models.PositiveIntegerField(
        default=0,
        help_text="Where `lead` must agree: of these categories, as bits, to one at least.",
    )

    class Meta:
        ordering = ("principal", "-person_id")
        indexes = (
            # With all that a page asks of a row, so that it need not be fetched.
            models.Index(
                fields=("principal", "lead", "-person_id"),
                include=("is_open", "carries", "since", "until"),
                name="reach_in_order",
            ),
            models.Index(fields=("person_id",), name="reach_person"),
            # To count without looking at anything else.
            models.Index(
                fields=("principal", "lead"),
                include=("person_id", "carded_since", "carded_until", "carded_carries"),
                condition=models.Q(carded_since__isnull=False),
                name="reach_to_count",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} of {self.principal}"
