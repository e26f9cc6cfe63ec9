"""The WSGI application, served by granian."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")


class TextOnly:
    """Drops a character set that decodes no text ("base64") from the type of a body.

    Django takes it over and fails at the query string before any middleware runs: a 500
    for what a client sent.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass the call on."""
        media_type, _, rest = environ.get("CONTENT_TYPE", "").partition(";")
        if rest and not _is_text(rest):
            environ["CONTENT_TYPE"] = media_type
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer


def _is_text(parameters: str) -> bool:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            try:
                "".encode(value.strip().strip("\"'"))
            except (LookupError, ValueError):
                return False
    return True


application = TextOnly(get_wsgi_application())
