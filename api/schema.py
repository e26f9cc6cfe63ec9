"""How the API describes itself: errors, headers and names common to all endpoints."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from api.errors import MEDIA_TYPE
from api.fields import MEANT
from api.pagination import LARGEST, USUAL

Serializer = type[serializers.Serializer]


class Token(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Token …`."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An API key by its header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`: the token of one membership.",
        }


class Problem(serializers.Serializer):
    """Problem details (RFC 9457). Hidden and missing are the same 404."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.JSONField(  # type: ignore[assignment]
        required=False, help_text="What is wrong, field by field."
    )


class AgencySchema(serializers.Serializer):
    """An agency."""

    slug = serializers.CharField()
    name = serializers.CharField()


class WorkerSchema(serializers.Serializer):
    """A worker."""

    username = serializers.CharField()
    name = serializers.CharField()


READ_ERRORS = (400, 401, 404, 429)
WRITE_ERRORS = (400, 401, 403, 404, 409, 413, 415, 429)
EDIT_ERRORS = (*WRITE_ERRORS, 412, 428)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    description="The same key and body again lead to the same object, as you may see it then.",
)
POSTCODES_MEANT = OpenApiParameter(
    MEANT,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Postcodes that belong into a text, with commas between them.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that you read.",
)
ETAG = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="The version of your own view of the record.",
)
LOCATION = OpenApiParameter(
    "Location",
    OpenApiTypes.URI,
    OpenApiParameter.HEADER,
    response=[201],
    description="Where the record is.",
)
PAGING = [
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "default": USUAL},
        description=f"How many at a time; at most {LARGEST}.",
    ),
    OpenApiParameter(
        "cursor",
        str,
        description="A place in the list, from `next`. Lists of rows go by person, the newest"
        " person first, and of each person the newest row first.",
    ),
]


def errors(*statuses: int) -> dict[Any, Any]:
    """Problem details for each of these statuses."""
    return {(status, MEDIA_TYPE): Problem for status in statuses}


COUNT = OpenApiParameter(
    "count", int, enum=[1], description="Also say how many there are, up to 1,000."
)


def lists(serializer: Serializer, operation: str, *, counted: bool = False) -> dict[str, Any]:
    """The description of a list in pages; `counted` for one that can say how many there are."""
    name = serializer.__name__.removesuffix("Schema")
    page = inline_serializer(
        f"{name}Page",
        {
            **({"count": serializers.CharField(required=False)} if counted else {}),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        },
    )
    return {
        "operation_id": operation,
        "parameters": [*PAGING, COUNT] if counted else PAGING,
        "responses": {200: page, **errors(*READ_ERRORS)},
    }


def shows(serializer: Serializer, operation: str) -> dict[str, Any]:
    """The description of one record."""
    return {
        "operation_id": operation,
        "parameters": [ETAG],
        "responses": {200: serializer, **errors(*READ_ERRORS)},
    }


def creates(request: Serializer, response: Serializer, operation: str) -> dict[str, Any]:
    """The description of a write."""
    return {
        "operation_id": operation,
        "parameters": [IDEMPOTENCY_KEY, POSTCODES_MEANT, LOCATION, ETAG],
        "request": request,
        "responses": {201: response, **errors(*WRITE_ERRORS)},
    }


def edits(request: Serializer, response: Serializer, operation: str) -> dict[str, Any]:
    """The description of a change to a version that was read."""
    return {
        "operation_id": operation,
        "parameters": [IF_MATCH, POSTCODES_MEANT, ETAG],
        "request": request,
        "responses": {200: response, **errors(*EDIT_ERRORS)},
    }
