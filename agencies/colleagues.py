"""Workers as they may be chosen: there may be thousands, so only who is asked for is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, TextField

from access.roles import WORKERS, Role
from agencies.models import Agency, Membership
from core.errors import Conflict
from core.long_choices import Choice
from core.periods import live
from core.written_names import begins, parts


@dataclass(frozen=True, slots=True)
class Colleague:
    """A worker as one may be chosen: values, not rows."""

    membership: UUID
    user: UUID
    who: str
    role: Role
    agency: UUID
    agency_name: str

    @property
    def label(self) -> str:
        """Their name and agency."""
        return f"{self.who} – {self.agency_name}"


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Those who work at these agencies now, or at any of them, without some users."""

    agencies: frozenset[UUID] | None
    without: frozenset[UUID] = frozenset()
    roles: frozenset[Role] = WORKERS

    def first(self, most: int) -> list[Colleague]:
        """All of them by agency and name, if they are no more than that; otherwise so many."""
        return self._read(self._hats()[:most])

    def named(self, words: Sequence[str], most: int) -> list[Colleague]:
        """So many of those at most in whose name or agency's each of these words begins a part.

        The words are as `core.written_names.parts` gives them.
        """
        hats = self._hats().alias(parts=_NAME_PARTS)
        agencies = self._agency_parts()
        for word in words:
            fits = [key for key, name in agencies.items() if begins(word, name)]
            hats = hats.filter(Q(parts__contains=f" {word}") | Q(agency_id__in=fits))
        return self._read(hats[:most])

    def with_(self, kind: Literal["membership", "user"], keys: Collection[UUID]) -> list[Colleague]:
        """Those of them with one of these memberships, or who are one of these users."""
        column = "pk__in" if kind == "membership" else "user_id__in"
        return self._read(self._hats().filter(**{column: list(keys)}))

    def _hats(self) -> QuerySet[Membership]:
        hats = Membership.objects.live().filter(
            live(prefix="user__activities__"), role__in=list(self.roles)
        )
        if self.agencies is not None:
            hats = hats.filter(agency_id__in=self.agencies)
        return hats.exclude(user_id__in=self.without).order_by()

    def _agency_parts(self) -> dict[UUID, list[str]]:
        known = Agency.objects.all()
        if self.agencies is not None:
            known = known.filter(pk__in=self.agencies)
        return {key: parts(name) for key, name in known.values_list("pk", "name")}

    def _read(self, hats: QuerySet[Membership]) -> list[Colleague]:
        rows = hats.values_list(
            "pk", "user_id", "user__name", "user__username", "role", "agency_id", "agency__name"
        )
        found = [
            Colleague(membership, user, name or username, Role(role), agency, agency_name)
            for membership, user, name, username, role, agency, agency_name in rows
        ]
        return sorted(found, key=lambda one: (one.agency_name, one.who, one.membership))


_NAME_PARTS = Func(
    F("user__name"), F("user__username"), function="agencies_name_parts", output_field=TextField()
)


def by_label(found: Iterable[Colleague]) -> list[str]:
    """Each by name and agency."""
    return [one.label for one in found]


def by_name(found: Iterable[Colleague]) -> list[str]:
    """Each by name alone, where all are of one agency."""
    return [one.who for one in found]


@dataclass(frozen=True, slots=True)
class Offered:
    """Colleagues as the choices of a form, each under the key of their membership or user."""

    colleagues: Colleagues
    kind: Literal["membership", "user"]
    labels: Callable[[Sequence[Colleague]], Sequence[str]] = by_label

    def first(self, most: int) -> list[Choice]:
        """All of them, if they are no more than that; otherwise so many."""
        return self._choices(self.colleagues.first(most))

    def fitting(self, words: Sequence[str], most: int) -> list[Choice]:
        """So many of those at most in whose name or agency's each of these words begins a part."""
        return self._choices(self.colleagues.named(words, most))

    def keyed(self, keys: Collection[str]) -> list[Choice]:
        """Those with one of these keys."""
        return self._choices(self.colleagues.with_(self.kind, uuids(keys)))

    def one(self, key: str) -> Colleague:
        """The one with this key. Raises Conflict for whoever can't be chosen (any more)."""
        for found in self.colleagues.with_(self.kind, uuids([key])):
            return found
        raise Conflict("Somebody else has to be chosen: they no longer work there.")

    def _choices(self, found: Sequence[Colleague]) -> list[Choice]:
        # Somebody may work there in two roles.
        keys = [str(one.user if self.kind == "user" else one.membership) for one in found]
        return list(dict(zip(keys, self.labels(found), strict=True)).items())


def uuids(keys: Iterable[str]) -> list[UUID]:
    """Those of these texts that are keys at all."""
    found = []
    for key in keys:
        try:
            found.append(UUID(key))
        except ValueError:
            continue
    return found
