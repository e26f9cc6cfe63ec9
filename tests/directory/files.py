"""Open Referral documents of places that do not exist, in each of the four forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Document = dict[str, Any]


def an_id(name: str) -> str:
    """A UUID that is always the same for a name."""
    return str(uuid5(NAMESPACE_URL, name))


def phone() -> Document:
    return {
        "id": an_id("phone"),
        "number": "020 7946 0018",
        "extension": 12,
        "type": "voice",
        "languages": [{"id": an_id("language"), "name": "Somali", "code": "so"}],
    }


def contact() -> Document:
    return {
        "id": an_id("contact"),
        "name": "Imani Okafor",
        "title": "Head coach",
        "phones": [phone()],
    }


def location() -> Document:
    return {
        "id": an_id("location"),
        "location_type": "physical",
        "name": "Canal Street Hall",
        "transportation": "Bus 29 to the bridge",
        "latitude": 51.55,
        "longitude": -0.1,
        "addresses": [
            {
                "id": an_id("address"),
                "address_1": "2 Canal Street",
                "city": "London",
                "state_province": "Islington",
                "postal_code": "N1 9GU",
                "country": "GB",
                "address_type": "physical",
            }
        ],
        "accessibility": [{"id": an_id("ramp"), "description": "A ramp at the back door"}],
        "contacts": [contact()],
        "phones": [phone()],
        "schedules": [schedule()],
    }


def schedule() -> Document:
    return {
        "id": an_id("schedule"),
        "freq": "WEEKLY",
        "byday": "TU,TH",
        "dtstart": "2025-01-07",
        "until": "2027-12-21",
        "opens_at": "17:00:00",
        "closes_at": "20:30:00",
        "timezone": 0,
        "attending_type": "in person",
    }


def term() -> Document:
    return {
        "id": an_id("term"),
        "code": "SPORT-2",
        "name": "Boxing",
        "description": "Boxing and other combat sports",
        "parent_id": an_id("parent term"),
        "taxonomy": "Activities",
        "taxonomy_detail": {
            "id": an_id("taxonomy"),
            "name": "Activities",
            "description": "What people do",
            "version": "2",
        },
        "language": "eng",
    }


def organization() -> Document:
    return {
        "id": an_id("organization"),
        "name": "Canal Street Boxing",
        "description": "A boxing club for young people",
        "website": "https://canal-street.example.org",
        "year_incorporated": 1987,
        "organization_identifiers": [
            {"id": an_id("number"), "identifier_type": "Charity number", "identifier": "1999999"}
        ],
    }


def service(name: str = "Evening boxing", **changes: Any) -> Document:
    """A service with everything on it. Another name makes another service."""
    return {
        "id": an_id(name),
        "name": name,
        "alternate_name": "The gym",
        "description": "Coached training, and somebody to talk to afterwards",
        "url": "https://canal-street.example.org/evening",
        "email": "gym@canal-street.example.org",
        "status": "active",
        "application_process": "Come along, or ring first",
        "wait_time": "None",
        "fees_description": "Free under 18",
        "eligibility_description": "Young people who want to train",
        "minimum_age": 11,
        "maximum_age": 25,
        "assured_date": "2026-01-12",
        "assurer_email": "directory@example.org",
        "alert": "Closed in August",
        "last_modified": "2026-02-01T09:30:00.000Z",
        "accreditations": "England Boxing",
        "phones": [phone()],
        "schedules": [schedule()],
        "service_areas": [{"id": an_id("area"), "name": "Islington", "uri": "http://example.org"}],
        "service_at_locations": [
            {
                "id": an_id(f"{name} there"),
                "description": "In the main hall",
                "location": location(),
                "schedules": [schedule()],
            }
        ],
        "languages": [{"id": an_id("language"), "name": "Somali", "code": "so"}],
        "organization": organization(),
        "cost_options": [
            {"id": an_id("cost"), "option": "Over 18", "amount": 2.5, "currency": "gbp"}
        ],
        "contacts": [contact()],
        "attributes": [
            {"id": an_id("attribute"), "link_type": "activity", "taxonomy_term": term()}
        ],
        "funding": [{"id": an_id("funding"), "source": "The council, until March"}],
        "metadata": [
            {
                "id": an_id("metadata"),
                "last_action_date": "2026-01-01",
                "last_action_type": "update",
                "field_name": "alert",
                "previous_value": "Closed in July",
                "replacement_value": "Closed in August",
                "updated_by": "Imani Okafor",
            }
        ],
    } | changes


def full_organization() -> Document:
    """An organisation with its services inside."""
    inner = service()
    del inner["organization"]
    return organization() | {
        "contacts": [contact()],
        "phones": [phone()],
        "locations": [location()],
        "services": [inner],
    }


def page(*things: Document) -> Document:
    """A page of a feed."""
    return {
        "total_items": 10,
        "total_pages": 10,
        "page_number": 1,
        "size": len(things),
        "first_page": True,
        "last_page": False,
        "empty": not things,
        "contents": list(things),
    }


def summary(document: Document) -> Document:
    """A service as a list has it: no lists inside."""
    return {key: value for key, value in document.items() if not isinstance(value, list)}


def write(folder: Path, document: Any) -> Path:
    """A file with this document, or with these bytes."""
    path = folder / "directory.json"
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    path.write_bytes(content)
    return path
