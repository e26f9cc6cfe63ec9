"""Rows as HSDS 3 documents. Empty fields are left out, save those that HSDS requires."""

from __future__ import annotations

from typing import Any

from directory.hsds.shapes import (
    KINDS,
    columns,
    kind_within,
    links,
    lists,
    properties,
    required,
)
from directory.hsds.values import from_column
from directory.models import Organization, Service, ServiceAtLocation
from directory.models.base import Described

Document = dict[str, Any]

# Who is behind what is never followed here: the feed chooses what of it may be shown.
_NOT_FOLLOWED = frozenset({"services", "locations"})
# Who changed what, and from what, is the publisher's own business.
_PRIVATE = frozenset({"metadata"})


def flat(row: Described) -> Document:
    """A row with what it is linked to, but none of its lists."""
    kind = KINDS[type(row)]
    return tidy(kind, _raw(row, kind, nested=False), nested=False)


def full(row: Described) -> Document:
    """A row with all that hangs on it, without places that the feed may not tell."""
    kind = KINDS[type(row)]
    return tidy(kind, _raw(row, kind, nested=True))


def organization(row: Organization, *, nested: bool, full_services: bool) -> Document:
    """An organisation with the services and locations that the feed may tell.

    `row` comes from `queries.organizations_in_feed`. A service has its key and name only,
    unless all of it is asked for.
    """
    document = full(row) if nested else flat(row)
    services: list[Service] = row.services_shown  # type: ignore[attr-defined]
    if full_services:
        document["services"] = [full(service) for service in services]
    elif nested:
        document["services"] = [
            {"id": service.public_id, "name": service.name, "status": service.status}
            for service in services
        ]
    if nested:
        locations = [full(place) for place in row.locations_shown]  # type: ignore[attr-defined]
        if locations:
            document["locations"] = locations
    return document


def place(row: ServiceAtLocation, *, nested: bool) -> Document:
    """A service at a location, saying which service it is."""
    return {
        **(full(row) if nested else flat(row)),
        "service_id": row.service.public_id,
        **({"location_id": row.location.public_id} if row.location else {}),
    }


def tidy(kind: str, document: Document, *, nested: bool = True) -> Document:
    """Only what HSDS knows, in its order, and nothing that is empty but not required."""
    found: Document = {}
    for key in properties(kind):
        value = document.get(key)
        if key in _PRIVATE or (isinstance(value, list) and not nested):
            continue
        if within := kind_within(kind, key):
            if isinstance(value, dict):
                value = tidy(within, value, nested=nested)
            elif isinstance(value, list):
                value = [tidy(within, item) for item in value if isinstance(item, dict)]
        if value not in (None, "", [], {}):
            found[key] = value
        elif key in required(kind):
            found[key] = ""
    return found


def _raw(row: Described, kind: str, *, nested: bool) -> Document:
    document: Document = {key: from_column(getattr(row, key)) for key in columns(kind)}
    for key, within in links(kind).items():
        if target := getattr(row, key):
            document[key] = _raw(target, within, nested=nested)
    if nested:
        for key, within in lists(kind).items():
            if key not in _NOT_FOLLOWED:
                document[key] = [
                    _raw(item, within, nested=True)
                    for item in getattr(row, key).all()
                    if _may_be_told(item)
                ]
    # Where a column could not hold the original, the original counts.
    return {**document, **row.extra, "id": row.public_id}


def _may_be_told(row: Described) -> bool:
    if isinstance(row, ServiceAtLocation):
        return row.location is None or row.location.in_feed
    return True


def fetched(kind: str, prefix: str = "") -> list[str]:
    """What to prefetch so that `full` asks the database nothing more."""
    found: list[str] = []
    for key, within in lists(kind).items():
        if key not in _NOT_FOLLOWED:
            found += [f"{prefix}{key}", *fetched(within, f"{prefix}{key}__")]
    for key, within in links(kind).items():
        found += [f"{prefix}{key}", *fetched(within, f"{prefix}{key}__")]
    return found
