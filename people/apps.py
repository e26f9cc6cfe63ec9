from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from access.actor import Member


def _person_of_draft(actor: Member, reference: str) -> UUID:
    from people import queries

    return queries.load(actor, reference).person.pk


class PeopleConfig(AppConfig):
    """The room `people/`."""

    name = "people"

    def ready(self) -> None:
        """Have drafts find the person whom they are about, for whoever may see them."""
        from agencies import drafts

        drafts.register(_person_of_draft)
