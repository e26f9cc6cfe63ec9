"""Services near a postcode, as far as the directory itself knows where postcodes are."""

from __future__ import annotations

import re

from django.db.models import Avg, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Replace, Sin, Sqrt, Upper
from django.db.models.lookups import Regex

from directory.models import Location, ServiceAtLocation

EARTH_DIAMETER = 2 * 6_371_008.8
"""In metres."""

_POSTCODE = re.compile(r"[A-Z0-9]{2,10}")
_INWARD = re.compile(r"[0-9][A-Z]{2}$")


def tidy_postcode(text: str) -> str:
    """A postcode in capitals without spaces; "" for what can't be one."""
    plain = re.sub(r"\s+", "", text).upper()
    return plain if _POSTCODE.fullmatch(plain) and plain.isascii() else ""


def district(postcode: str) -> str:
    """The first half of a tidy postcode: N1 of N19GU, and N1 of N1."""
    return _INWARD.sub("", postcode) if len(postcode) > 4 else postcode


def near(
    places: QuerySet[ServiceAtLocation], postcode: str, metres: float | None
) -> QuerySet[ServiceAtLocation]:
    """The places within so many metres of a tidy postcode.

    Where a postcode is, the directory learns from its own locations. When it does not
    know, or no distance is given, the places are those in the same postcode district.
    """
    centre = _centre(postcode) if metres is not None else None
    if centre is None:
        return places.filter(location__in=_in_district(district(postcode)).values("pk"))
    latitude, longitude = centre
    return (
        places.filter(_on_earth("location__"))
        .alias(metres=_distance(latitude, longitude))
        .filter(metres__lte=metres)
    )


def _centre(postcode: str) -> tuple[float, float] | None:
    """The middle of the known locations with this postcode, or else in its district."""
    known = Location.objects.filter(_on_earth(), in_feed=True)
    exact = _with_postcode(known, rf"^{postcode}$")
    for found in (exact, known.filter(pk__in=_in_district(district(postcode)).values("pk"))):
        middle = found.order_by().aggregate(x=Avg("latitude"), y=Avg("longitude"))
        if middle["x"] is not None:
            return middle["x"], middle["y"]
    return None


def _with_postcode(locations: QuerySet[Location], pattern: str) -> QuerySet[Location]:
    """The locations with a postcode that fits, however it is written."""
    plain = Replace(Upper("addresses__postal_code"), Value(" "), Value(""))
    return locations.filter(Regex(plain, pattern))


def _in_district(first_half: str) -> QuerySet[Location]:
    # N1 is not N10: after the first half comes a digit and two letters, or nothing.
    return _with_postcode(Location.objects.order_by(), rf"^{first_half}([0-9][A-Z][A-Z])?$")


def _on_earth(prefix: str = "") -> Q:
    return Q(**{f"{prefix}latitude__range": (-90, 90), f"{prefix}longitude__range": (-180, 180)})


def _distance(latitude: float, longitude: float) -> Least | ASin:
    """The great-circle distance in metres, by the haversine formula."""
    here = Radians(Value(latitude, FloatField()))
    there = Radians(F("location__latitude"))
    across = Radians(F("location__longitude") - Value(longitude, FloatField()))
    half = Power(Sin((there - here) / 2.0), 2) + Cos(here) * Cos(there) * Power(
        Sin(across / 2.0), 2
    )
    # Rounding may bring the sum just above one, of which there is no arc sine.
    return Value(EARTH_DIAMETER) * ASin(Sqrt(Least(half, Value(1.0))))  # type: ignore[return-value]
