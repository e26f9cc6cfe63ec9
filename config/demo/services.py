"""The demo's community services, all invented: the one module that fills the directory."""

from __future__ import annotations

from directory.models import Organization, Service

SERVICES: tuple[tuple[str, str, str], ...] = (
    (
        "The Carriageworks",
        "The Carriageworks mentoring",
        "Mentors from the railway trades, 16 to 25",
    ),
    ("The Arches", "The Arches youth club", "Open evenings, table tennis, a kitchen, quiet room"),
    ("Kettle House", "Kettle House supported lodgings", "Rooms with a host for 16 to 21"),
    ("Northmarsh Boxing Gym", "Gloves and Homework", "Boxing and homework, 11 to 18"),
    ("Open Door Counselling", "Open Door for young adults", "Free counselling, 14 to 25"),
    ("Second Kitchen", "Second Kitchen training café", "Paid trial shifts and food hygiene"),
    ("Mothers Together", "Mothers Together", "Support among parents whose children were hurt"),
    ("Harland Road Mosque", "Friday youth circle", "Mentoring and football"),
    ("St Brendan’s Church", "St Brendan’s drop-in", "Meals, laundry and advice"),
    ("Build Northmarsh", "Build Northmarsh apprenticeships", "Site skills card and placements"),
    ("Studio 12", "Studio 12 sound engineering", "Recording and live sound, 13 to 25"),
    ("Bright Futures Law", "Young people’s law clinic", "Housing, exclusion and benefits advice"),
    ("Wheels for Change", "Wheels for Change bike workshop", "Earn a bike; mechanics level 1"),
)


def seed() -> None:
    """Write organisations and services into the directory."""
    for organization, name, description in SERVICES:
        owner, _ = Organization.objects.get_or_create(
            name=organization, defaults={"description": description}
        )
        Service.objects.get_or_create(organization=owner, name=name)


def service(name: str) -> Service:
    """A service of the demo by its name."""
    return Service.objects.get(name=name)
