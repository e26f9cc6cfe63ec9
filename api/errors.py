"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from access.actor import NotAllowed, NotVisible
from access.reading import forget
from core.errors import Conflict, Invalid
from core.versions import Stale

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Something in the request is wrong",
    401: "Sign in",
    403: "You can see this but may not do that",
    404: "Not found",
    405: "Not that method here",
    409: "Something else has just changed this",
    412: "This has changed since you read it",
    413: "Too much at once",
    415: "Send JSON",
    428: "Say which version you change",
    429: "Too many requests",
}
NOT_FOUND = {"type": "about:blank", "title": TITLES[404], "status": 404}
"""The one body of every 404: hidden and missing are alike."""


class PreconditionRequired(exceptions.APIException):
    """A change came without If-Match."""

    status_code = 428
    default_detail = "Send If-Match with the ETag of the version that you read."


class PreconditionFailed(exceptions.APIException):
    """The ETag is no longer the current one."""

    status_code = 412
    default_detail = "Read it again, then make your change."


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception: problem details, or none for what is no client's fault.

    An error shows nothing of anybody, so whatever was noted as shown is forgotten.
    """
    response = _response_to(error, context)
    if response is not None:
        forget()
    return response


def _response_to(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, (Http404, NotVisible, exceptions.NotFound)):
        return _response(dict(NOT_FOUND))
    if isinstance(error, (NotAllowed, PermissionDenied)):
        return _response(_problem(403))
    if isinstance(error, Invalid):
        return _response({**_problem(400), "errors": error.errors})
    if isinstance(error, Conflict):
        return _response({**_problem(409), "detail": str(error)})
    if isinstance(error, Stale):
        return _response({**_problem(412), "detail": str(error)})
    # DRF's own handler adds WWW-Authenticate and Retry-After.
    response = exception_handler(error, context)
    if response is None:
        return None
    problem = _problem(response.status_code)
    if isinstance(error, exceptions.ValidationError):
        problem["errors"] = error.detail
    elif isinstance(error, exceptions.APIException):
        problem["detail"] = str(error.detail)
    response.data = problem
    response.content_type = MEDIA_TYPE
    return response


def _problem(status: int) -> dict[str, Any]:
    return {"type": "about:blank", "title": TITLES.get(status, "Error"), "status": status}


def _response(problem: dict[str, Any]) -> Response:
    return Response(problem, status=problem["status"], content_type=MEDIA_TYPE)
