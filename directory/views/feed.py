"""The open feed: what everybody may know of the directory, as HSDS 3 describes it.

Anonymous and readable from any page on the web. Whatever a client sends, the answer is
the data or problem details (RFC 9457), never a fault of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from directory import queries
from directory.hsds import showing
from directory.hsds.showing import Document, fetched
from directory.hsds.values import as_uuid, key_of
from directory.models import Service, ServiceAtLocation, Taxonomy, TaxonomyTerm
from directory.models.base import Described
from directory.near import near
from directory.views import feed_parameters as asked
from directory.views.feed_parameters import BadParameter

Feed = Callable[..., Document]

PROFILE = "https://docs.openreferral.org/en/3.0/hsds/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"
# What leaves the feed should soon be gone from the caches of others too.
CACHE = "public, max-age=60"


class NotInFeed(Exception):
    """There is no such thing, or the feed does not tell it: the same answer."""


def feed(view: Feed) -> Callable[..., HttpResponse]:
    """Answer anybody with the document that a view gives."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        if request.method == "OPTIONS":
            response: HttpResponse = HttpResponse(status=204)
        elif request.method not in {"GET", "HEAD"}:
            response = problem(405, "The feed can only be read.")
        else:
            try:
                if asked.text(request, "format") not in {"", "json"}:
                    raise BadParameter("format can only be json.")
                response = JsonResponse(view(request, **parts))
                # The answer to somebody signed in renews their cookie: nobody may keep that.
                if not request.user.is_authenticated:
                    response["Cache-Control"] = CACHE
            except BadParameter as error:
                response = problem(400, str(error))
            except NotInFeed:
                response = problem(404, "There is nothing here.")
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        if request.method == "OPTIONS" or response.status_code == 405:
            response["Allow"] = "GET, HEAD, OPTIONS"
        return response

    return answer


def problem(status: int, detail: str) -> JsonResponse:
    """Problem details."""
    titles = {400: "Bad request", 404: "Not found", 405: "Method not allowed"}
    body = {"type": "about:blank", "title": titles[status], "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def page(request: HttpRequest, rows: QuerySet[Any], show: Callable[[Any], Document]) -> Document:
    """One page of a list, in HSDS's envelope. A page beyond the last is empty."""
    number = asked.whole(request, "page", 1, asked.MAX_PAGE)
    size = asked.whole(request, "per_page", asked.PER_PAGE, asked.MAX_PER_PAGE)
    total = rows.count()
    pages = -(-total // size)
    contents = [show(row) for row in rows[(number - 1) * size : number * size]]
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def one(rows: QuerySet[Any], kind: str, public_id: str) -> Any:
    """The row with a public id. Raises NotInFeed."""
    if "\x00" in public_id:
        raise NotInFeed
    found = rows.filter(pk=as_uuid(public_id) or key_of(kind, public_id)).first()
    if found is None:
        raise NotInFeed
    return found


@feed
def about(request: HttpRequest) -> Document:
    """Which standard the feed follows."""
    return {"version": "3.0", "profile": PROFILE, "openapi_url": OPENAPI}


@feed
def services(request: HttpRequest) -> Document:
    """The services, without their lists unless `full` is asked for."""
    rows = queries.services_in_feed()
    if words := asked.text(request, "search"):
        rows = rows.filter(pk__in=queries.find(words).order_by().values("pk"))
    if key := _organization_key(request):
        rows = rows.filter(organization=key)
    rows = rows.filter(_about_terms(request))
    if moment := asked.since(request, "modified_after"):
        rows = rows.filter(last_modified__gte=moment)
    postcode, metres = asked.postcode(request)
    if postcode:
        places = near(queries.places_in_feed().order_by(), postcode, metres)
        rows = rows.filter(pk__in=places.values("service"))
    if asked.yes(request, "minimal"):
        return page(request, rows, _minimal)
    if asked.yes(request, "full"):
        return page(request, rows.prefetch_related(*fetched("service")), showing.full)
    return page(request, rows, showing.flat)


@feed
def service(request: HttpRequest, public_id: str) -> Document:
    """One service with all that hangs on it."""
    rows = queries.services_in_feed().prefetch_related(*fetched("service"))
    return showing.full(one(rows, "service", public_id))


@feed
def organizations(request: HttpRequest) -> Document:
    """The organisations that offer a service of the feed."""
    nested, full_services = asked.yes(request, "full"), asked.yes(request, "full_service")
    rows = queries.organizations_in_feed()
    if words := asked.text(request, "search"):
        rows = rows.filter(Q(name__icontains=words) | Q(description__icontains=words))
    if nested:
        rows = rows.prefetch_related(*fetched("organization"))
    return page(
        request,
        rows,
        lambda row: showing.organization(row, nested=nested, full_services=full_services),
    )


@feed
def organization(request: HttpRequest, public_id: str) -> Document:
    """One organisation with its services and those of its locations where one of them is."""
    rows = queries.organizations_in_feed().prefetch_related(*fetched("organization"))
    found = one(rows, "organization", public_id)
    return showing.organization(
        found, nested=True, full_services=asked.yes(request, "full_service")
    )


@feed
def taxonomies(request: HttpRequest) -> Document:
    """The lists of words."""
    rows = Taxonomy.objects.order_by("name", "pk")
    if words := asked.text(request, "search"):
        rows = rows.filter(Q(name__icontains=words) | Q(description__icontains=words))
    return page(request, rows, showing.flat)


@feed
def taxonomy(request: HttpRequest, public_id: str) -> Document:
    """One list of words."""
    return showing.flat(one(Taxonomy.objects.all(), "taxonomy", public_id))


@feed
def taxonomy_terms(request: HttpRequest) -> Document:
    """The words, with the list that each belongs to."""
    rows = TaxonomyTerm.objects.select_related("taxonomy_detail").order_by("name", "pk")
    if words := asked.text(request, "search"):
        rows = rows.filter(Q(name__icontains=words) | Q(description__icontains=words))
    if key := asked.key(request, "taxonomy_id", "taxonomy", Taxonomy.objects.all()):
        rows = rows.filter(taxonomy_detail=key)
    if parent := asked.text(request, "parent_id"):
        rows = rows.filter(parent_id=parent)
    if asked.yes(request, "top_only"):
        rows = rows.filter(parent_id="")
    return page(request, rows, showing.flat)


@feed
def taxonomy_term(request: HttpRequest, public_id: str) -> Document:
    """One word."""
    rows = TaxonomyTerm.objects.select_related("taxonomy_detail")
    return showing.flat(one(rows, "taxonomy_term", public_id))


@feed
def service_at_locations(request: HttpRequest) -> Document:
    """Which service is where."""
    nested = asked.yes(request, "full")
    rows = queries.places_in_feed().select_related("service", "location")
    if words := asked.text(request, "search"):
        rows = rows.filter(service__in=queries.find(words).order_by().values("pk"))
    if key := _organization_key(request):
        rows = rows.filter(service__organization=key)
    rows = rows.filter(_about_terms(request, "service__"))
    if moment := asked.since(request, "modified_after"):
        rows = rows.filter(service__last_modified__gte=moment)
    postcode, metres = asked.postcode(request)
    if postcode:
        rows = near(rows, postcode, metres)
    if nested:
        rows = rows.prefetch_related(*fetched("service_at_location"))
    return page(request, rows, lambda row: showing.place(row, nested=nested))


@feed
def service_at_location(request: HttpRequest, public_id: str) -> Document:
    """One service at one place."""
    rows: QuerySet[ServiceAtLocation] = queries.places_in_feed().select_related("service")
    if "\x00" in public_id:
        raise NotInFeed
    named = Q(source_id=public_id)
    if key := as_uuid(public_id):
        named |= Q(pk=key)
    found = rows.prefetch_related(*fetched("service_at_location")).filter(named).first()
    if found is None:
        raise NotInFeed
    return showing.place(found, nested=True)


def _organization_key(request: HttpRequest) -> UUID | None:
    # Only those in the feed are known here: a refuge's can't be found by trying ids.
    known = queries.organizations_in_feed()
    return asked.key(request, "organization_id", "organization", known)


def _about_terms(request: HttpRequest, prefix: str = "") -> Q:
    """The condition that a service has a word, or one of a list of words."""
    wanted = Q()
    if term := asked.key(request, "taxonomy_term_id", "taxonomy_term", TaxonomyTerm.objects.all()):
        wanted &= Q(attributes__taxonomy_term=term)
    if taxonomy := asked.key(request, "taxonomy_id", "taxonomy", Taxonomy.objects.all()):
        wanted &= Q(attributes__taxonomy_term__taxonomy_detail=taxonomy)
    if not wanted:
        return wanted
    fitting = Service.objects.filter(wanted).order_by().values("pk")
    return Q(**{f"{prefix}pk__in": fitting})


def _minimal(row: Described) -> Document:
    return {
        key: value for key, value in showing.flat(row).items() if key in {"id", "last_modified"}
    }
