"""The tests: real PostgreSQL and Redis-protocol server, as the application's own role."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403

DEMO = True
# Whoever drops a test's database finds nobody still in it.
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
SECRET_KEY = "test-only-secret-key-that-is-long-enough-for-everything-here"  # noqa: S105
AUDIT_KEY = "test-only-audit-key"
AUDIT_SIGNING_KEY = "test-only-audit-signing-key"
VAULT_KEYS = "test-only-vault-key"
FIELD_KEY = "test-only-field-key"
AUDIT_SINKS = AUDIT_SINKS or ["file:///tmp/throughline-tests/checkpoints.jsonl"]  # noqa: F405, S108
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
