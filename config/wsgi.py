"""The WSGI application, served by granian."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from config.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

_UTF8 = {"utf-8", "utf8", "us-ascii"}


class Utf8Only:
    """Drops what a body claims to be written in, unless that is UTF-8.

    Django takes the claim over for the query string too, before any middleware runs: one
    that decodes no text ("hex") would be a 500, and one that decodes a text of its own
    ("utf-7") would carry past us what we look for.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass the call on."""
        media_type, _, rest = environ.get("CONTENT_TYPE", "").partition(";")
        kept = [one for one in rest.split(";") if not _claims_another(one)]
        if rest:
            environ["CONTENT_TYPE"] = ";".join([media_type, *kept])
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer


def _claims_another(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip().lower() == "charset" and value.strip(" \"'").lower() not in _UTF8


application = Utf8Only(get_wsgi_application())

# After Django is set up. A web server runs no system checks, and this one must not be passed by.
from audit.checks import require  # noqa: E402

require()

settle()
