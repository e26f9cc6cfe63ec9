"""Nothing starts without a place outside the database for checkpoints."""

from __future__ import annotations

import sys
from typing import Any

from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from audit import signing, sinks


@register()
def audit_leaves_the_database(app_configs: Any, **kwargs: Any) -> list[Error]:
    """At least one sink, and a key to sign with. Migrations write no record and need none."""
    if sys.argv[1:2] in (["migrate"], ["makemigrations"]):
        return []
    try:
        require()
    except ImproperlyConfigured as problem:
        return [Error(str(problem), id="audit.E001")]
    return []


def require() -> None:
    """Raise ImproperlyConfigured unless checkpoints can be signed and leave the database."""
    sinks.configured()
    signing.public_key()
