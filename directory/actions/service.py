"""Adding, editing and checking services by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from access.actor import Actor, Member, NotAllowed, NotVisible, Operator, System
from agencies.queries import may
from audit import trail
from core.clock import instant, today
from core.errors import Invalid
from directory.actions.details import Details, write
from directory.models import Organization, Service

FIELDS = frozenset(
    {
        "name",
        "status",
        "alternate_name",
        "description",
        "url",
        "email",
        "application_process",
        "wait_time",
        "fees_description",
        "eligibility_description",
        "minimum_age",
        "maximum_age",
        "alert",
        "in_feed",
        "funding_ends_on",
        "takes_step_down",
    }
)
"""What `values` may hold."""


@transaction.atomic
def add(
    *,
    organization: Organization | None,
    new_organization: str = "",
    about_organization: str = "",
    values: Mapping[str, Any],
    details: Details | None = None,
    by: Actor,
) -> Service:
    """Add a service of an organisation that is there, or of a new one.

    Raises NotAllowed, and Invalid when neither is named or an age range is upside down. It
    is in the open feed only if `values` says so.
    """
    may_edit(by)
    _check(values)
    if organization is None:
        organization = _organization(new_organization, about_organization)
    service = Service(organization=organization, last_modified=instant(), **values)
    service.save(force_insert=True)
    write(service, details or Details())
    trail.record(
        by,
        "service.added",
        subject=service,
        values=values,
        detail={"organization": organization, "in_feed": service.in_feed},
    )
    return service


@transaction.atomic
def edit(
    *,
    service_id: UUID,
    version: int | None,
    values: Mapping[str, Any],
    details: Details | None = None,
    by: Actor,
) -> Service:
    """Change a service, starting from a version of it.

    Raises NotAllowed, NotVisible when there is no such service, Stale when it has changed
    since, and Invalid when an age range is upside down.
    """
    may_edit(by)
    _check(values)
    service = _locked(service_id)
    service.expect(version)
    changed = {name: value for name, value in values.items() if getattr(service, name) != value}
    for name, value in values.items():
        setattr(service, name, value)
    # What its file said word for word no longer holds.
    service.extra = {key: value for key, value in service.extra.items() if key not in changed}
    service.last_modified = instant()
    service.save()
    write(service, details or Details())
    trail.record(
        by,
        "service.edited",
        subject=service,
        values=changed,
        detail={"version": service.version, "in_feed": service.in_feed},
    )
    return service


@transaction.atomic
def mark_checked(*, service_id: UUID, by: Member) -> Service:
    """Say that somebody has made sure today that all of this still holds.

    Raises NotAllowed and NotVisible. It is not an edit: the version stays.
    """
    may_edit(by)
    service = _locked(service_id)
    service.last_checked_on = today()
    service.checked_by_id = by.user_id
    service.save(update_fields=["last_checked_on", "checked_by"])
    trail.record(by, "service.checked", subject=service)
    return service


def may_edit(by: Actor) -> None:
    """Raise NotAllowed unless the actor may edit the directory."""
    if not isinstance(by, Operator | System) and not may(by, "edit_directory"):
        raise NotAllowed("Managers edit the directory.")


def _locked(service_id: UUID) -> Service:
    service = Service.objects.select_for_update().filter(pk=service_id).first()
    if service is None:
        raise NotVisible
    return service


def _check(values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - FIELDS:
        raise KeyError(f"not fields of a service: {sorted(unknown)}")
    low, high = values.get("minimum_age"), values.get("maximum_age")
    if low is not None and high is not None and high < low:
        raise Invalid(maximum_age="The oldest age must not be below the youngest")


def _organization(name: str, description: str) -> Organization:
    if not name:
        raise Invalid(organization="Select an organisation or add a new one")
    if found := Organization.objects.filter(name__iexact=name).order_by("pk").first():
        return found
    return Organization.objects.create(name=name, description=description)
