"""Development on one machine."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403

DEBUG = False
DEMO = True
SECRET_KEY = SECRET_KEY or "development-only-secret-key-that-is-long-enough-for-everything"  # noqa: F405
AUDIT_KEY = AUDIT_KEY or "development-only-audit-key"  # noqa: F405
AUDIT_SIGNING_KEY = AUDIT_SIGNING_KEY or "development-only-audit-signing-key"  # noqa: F405
VAULT_KEYS = VAULT_KEYS or "development-only-vault-key"  # noqa: F405
FIELD_KEY = FIELD_KEY or "development-only-field-key"  # noqa: F405
AUDIT_SINKS = AUDIT_SINKS or [f"file://{BASE_DIR}/.state/audit/checkpoints.jsonl"]  # noqa: F405
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
