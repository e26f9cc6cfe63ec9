"""The Content-Security-Policy of every answer."""

from __future__ import annotations

from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentSecurityMiddleware(CSPMiddleware):
    """django-csp's; an answer with nothing of its own gets the policy as it was worked out once.

    Django-csp puts it together twice for every answer, from the settings.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the header."""
        own = any(name.startswith("_csp_") for name in vars(response))
        if own or getattr(request, "_csp_nonce", None) or settings.DEBUG:
            return super().process_response(request, response)
        if self._usual:
            response.headers.setdefault(HEADER, self._usual)
        return response

    @cached_property
    def _usual(self) -> str:
        """The policy of a plain answer to a plain request; none if the settings have none."""
        answer = HttpResponseBase()
        super().process_response(HttpRequest(), answer)
        return answer.headers.get(HEADER, "")
