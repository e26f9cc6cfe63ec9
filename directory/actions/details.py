"""What hangs on a service, as people type it. For the actions on a service."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Invalid
from directory import areas
from directory.enums import PlaceKind
from directory.models import (
    Address,
    Location,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is, as somebody types it."""

    name: str = ""
    address: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What hangs on a service, as far as it is typed by hand. None leaves what is there."""

    phone: str | None = None
    opening_times: str | None = None
    areas: tuple[str, ...] | None = None
    place: Place | None = None


def write(service: Service, details: Details) -> None:
    """Write what hangs on a service. Imported details that a form can't show stay."""
    if details.phone is not None:
        _first(service, Phone, "number", details.phone)
    if details.opening_times is not None:
        _first(service, Schedule, "description", details.opening_times)
    if details.areas is not None:
        _write_areas(service, details.areas)
    if details.place is not None:
        _write_place(service, details.place)


def _first(service: Service, model: type[Phone] | type[Schedule], name: str, value: str) -> None:
    """Set one field of the first detail of a kind; a phone without a number goes."""
    row = model.objects.filter(service=service).first()
    if row is None:
        if value:
            model.objects.create(service=service, **{name: value})
    elif not value and model is Phone:
        row.delete()
    elif getattr(row, name) != value:
        setattr(row, name, value)
        row.save(update_fields=[name])


def _write_areas(service: Service, names: tuple[str, ...]) -> None:
    here = {str(row): row for row in service.service_areas.all()}
    service.service_areas.exclude(
        pk__in=[row.pk for name, row in here.items() if name in names]
    ).delete()
    for position, name in enumerate(dict.fromkeys(names)):
        if name in here:
            ServiceArea.objects.filter(pk=here[name].pk).update(position=position)
        else:
            code = areas.code_of(name)
            ServiceArea.objects.create(service=service, name=name, gss_code=code, position=position)


def own_place(service: Service) -> ServiceAtLocation | None:
    """The place of a service that has one, which no other service shares.

    Raises Invalid when it has several, or shares one: then a form can't change it.
    """
    places = list(service.service_at_locations.select_related("location")[:2])
    if not places:
        return None
    location = places[0].location
    shared = location is not None and location.service_at_locations.count() > 1
    if len(places) > 1 or shared or (location and location.addresses.count() > 1):
        raise Invalid(address="The places of this service can't be changed here")
    return places[0]


def _write_place(service: Service, place: Place) -> None:
    row = own_place(service)
    if not (place.name or place.address or place.postcode or place.town):
        if row is not None:
            row.delete()
        return
    if row is None:
        location = Location.objects.create(organization=service.organization)
        row = ServiceAtLocation.objects.create(service=service, location=location)
    location = row.location or Location.objects.create(organization=service.organization)
    if row.location is None:
        row.location = location
        row.save(update_fields=["location"])
    if location.name != place.name:
        # Where it now is, nobody has measured.
        location.name = place.name
        location.save(update_fields=["name"])
    _write_address(location, place)


def _write_address(location: Location, place: Place) -> None:
    address = location.addresses.first() or Address(location=location, country="GB")
    if address.postal_code and address.postal_code != place.postcode:
        # Where the new address is, nobody has measured.
        location.latitude = location.longitude = None
        location.save(update_fields=["latitude", "longitude"])
    address.address_1 = place.address
    address.city = place.town
    address.state_province = place.county
    address.postal_code = place.postcode
    address.address_type = PlaceKind.PHYSICAL
    address.save()
