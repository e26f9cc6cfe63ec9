"""Finding services: for our pages, for other rooms and for the feed."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from core.clock import today
from directory import areas
from directory.enums import Status
from directory.hsds.showing import fetched
from directory.models import Location, Organization, Service, ServiceAtLocation


def find(
    text: str = "",
    *,
    age: int | None = None,
    area: str = "",
    status: str = Status.ACTIVE,
    step_downs: bool = False,
) -> QuerySet[Service]:
    """The services that fit, the best first when there is a text, else by name.

    `text` is looked for in the words of the service and in the names, spelt roughly, of
    the service and its organisation. `age` and `area` (a borough's code) leave out only
    those that say they are for others. `status` "" takes all.
    """
    found = Service.objects.select_related("organization")
    if status:
        found = found.filter(status=status)
    if step_downs:
        found = found.filter(takes_step_down=True)
    if age is not None:
        found = found.filter(
            Q(minimum_age=None) | Q(minimum_age__lte=age),
            Q(maximum_age=None) | Q(maximum_age__gte=age),
        )
    if area:
        found = found.filter(_serving(area))
    if text.strip():
        return _matching(found, text)
    return found.order_by("name", "pk")


def taking_step_downs(*, age: int | None = None, area: str = "") -> QuerySet[Service]:
    """The services to offer for a step-down: running, willing, and funded beyond today."""
    return find(age=age, area=area, step_downs=True).filter(
        Q(funding_ends_on=None) | Q(funding_ends_on__gte=today())
    )


def _matching(found: QuerySet[Service], text: str) -> QuerySet[Service]:
    text = text.replace("\x00", "")
    words = re.findall(r"\w+", text)
    # Each side by its own index: an OR over a join would read every row.
    by_name = Service.objects.filter(name__trigram_word_similar=text)
    by_organization = Organization.objects.filter(name__trigram_word_similar=text)
    fits = Q(pk__in=by_name.values("pk")) | Q(organization__in=by_organization.values("pk"))
    rank = Greatest(
        TrigramWordSimilarity(text, "name"),
        Coalesce(TrigramWordSimilarity(text, "organization__name"), Value(0.0)),
    )
    if words:
        query = SearchQuery(
            " & ".join(f"{word}:*" for word in words), search_type="raw", config="english"
        )
        by_words = Service.objects.filter(search=query)
        fits |= Q(pk__in=by_words.values("pk"))
        rank = rank + SearchRank(F("search"), query)  # type: ignore[assignment]
    return found.filter(fits).alias(rank=rank).order_by("-rank", "name", "pk")


def _serving(area: str) -> Q:
    """Those that serve an area, and those that do not say which they serve."""
    codes = {area, *areas.WIDE}
    here = Q(service_areas__gss_code__in=codes)
    if area in areas.BOROUGHS:
        pattern = areas.name_pattern(area)
        here |= Q(service_areas__gss_code="") & (
            Q(service_areas__name__iregex=pattern) | Q(service_areas__description__iregex=pattern)
        )
        addresses = "service_at_locations__location__addresses__"
        here |= Q(service_areas=None) & (
            Q(**{f"{addresses}city__iregex": pattern})
            | Q(**{f"{addresses}region__iregex": pattern})
            | Q(**{f"{addresses}state_province__iregex": pattern})
        )
    silent = Q(service_areas=None, service_at_locations__location__addresses=None)
    fitting = Service.objects.filter(here | silent).order_by()
    return Q(pk__in=fitting.values("pk"))


def service(service_id: UUID) -> Service | None:
    """One service with all that its page shows."""
    return (
        Service.objects.select_related("organization", "checked_by")
        .prefetch_related(*fetched("service"))
        .filter(pk=service_id)
        .first()
    )


# The open feed.


def services_in_feed() -> QuerySet[Service]:
    """What everybody may know: services that run and that a file or a manager has opened."""
    return (
        Service.objects.filter(in_feed=True, status=Status.ACTIVE)
        .select_related("organization")
        .order_by("name", "pk")
    )


def places_in_feed() -> QuerySet[ServiceAtLocation]:
    """Where those services are, without the places that must not be known."""
    return (
        ServiceAtLocation.objects.filter(service__in=services_in_feed().order_by().values("pk"))
        .filter(Q(location=None) | Q(location__in_feed=True))
        .select_related("location")
        .order_by("service__name", "position", "pk")
    )


def organizations_in_feed() -> QuerySet[Organization]:
    """Who offers those services. Of their locations only those where one of them is."""
    shown = places_in_feed().order_by().values("location")
    return (
        Organization.objects.filter(pk__in=services_in_feed().order_by().values("organization"))
        .prefetch_related(
            Prefetch("services", services_in_feed(), to_attr="services_shown"),
            Prefetch("locations", Location.objects.filter(pk__in=shown), to_attr="locations_shown"),
        )
        .order_by("name", "pk")
    )
