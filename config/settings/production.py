"""Production: everything that could be weaker is refused."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import (
    AUDIT_KEY,
    AUDIT_SIGNING_KEY,
    FIELD_KEY,
    SECRET_KEY,
    VAULT_KEYS,
)

for _name, _value in (
    ("SECRET_KEY", SECRET_KEY),
    ("AUDIT_KEY", AUDIT_KEY),
    ("AUDIT_SIGNING_KEY", AUDIT_SIGNING_KEY),
    ("FIELD_KEY", FIELD_KEY),
    ("VAULT_KEYS", VAULT_KEYS.partition(",")[0]),
):
    if len(_value) < 32:
        raise ImproperlyConfigured(f"{_name} must be set, to at least 32 characters.")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
# Rate limits are per address of the client, not of the proxies in front.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))
