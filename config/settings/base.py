"""Settings common to every way of running. What differs or is secret comes from outside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from celery.schedules import crontab
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def database(url: str) -> dict[str, Any]:
    """Django's settings of a database, from its address."""
    parts = urlparse(url)
    return {
        "ENGINE": "core.postgresql",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "NAME": unquote(parts.path.lstrip("/")),
        # To open a connection costs as much as a list does, and what it has planned goes with it.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # What is asked again and again is planned once: that needs values sent beside the
        # statement instead of in it.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
    }


def replica(url: str) -> dict[str, Any]:
    """Django's settings of a copy that is only read from, and only by some pages."""
    found = database(url)
    # Given up soon, since there is the other; and read-only even if it is not a copy at all.
    found["OPTIONS"] |= {
        "connect_timeout": 2,
        "tcp_user_timeout": 5000,
        "options": "-c default_transaction_read_only=on",
    }
    return found


# The application's role owns nothing; migrations run as the owner.
AS_OWNER = os.environ.get("THROUGHLINE_DATABASE_ROLE") == "owner"
DATABASES = {
    "default": database(
        os.environ.get("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL", "postgresql:///none")
    )
}
# A copy that follows the database, for registers and figures; without it they read the database.
if os.environ.get("DATABASE_REPLICA_URL") and not AS_OWNER:
    DATABASES["replica"] = replica(os.environ["DATABASE_REPLICA_URL"])
DATABASE_ROUTERS = ["access.replica.Router"]
REPLICA_MOST_LAG = float(os.environ.get("REPLICA_MOST_LAG", "60"))
"""Seconds that the copy may be behind. Beyond, everything is read from the database itself."""
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

DEBUG = False
DEMO = False
DEMO_MFA = os.environ.get("DEMO_MFA") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY", "")
AUDIT_KEY = os.environ.get("AUDIT_KEY", "")
"""Key of the digests in the audit trail, and of the proofs of its records."""
AUDIT_SIGNING_KEY = os.environ.get("AUDIT_SIGNING_KEY", "")
"""Key of the signatures of checkpoints. Never in the database, nor in its backups."""
AUDIT_OLD_PUBLIC_KEYS = os.environ.get("AUDIT_OLD_PUBLIC_KEYS", "").split()
"""Public halves of keys that were in use before: what they signed stays good."""
AUDIT_SINKS = os.environ.get("AUDIT_SINKS", "").split()
"""Where checkpoints go besides the database; see `audit.sinks`. At least one, or nothing starts."""
FIELD_KEY = os.environ.get("FIELD_KEY", "")
"""Key of what is kept encrypted: drafts."""
VAULT_KEYS = os.environ.get("VAULT_KEYS", "")
"""Master keys of safe addresses, by commas: the first closes, the others still open."""
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # The rooms, lowest first.
    "core",
    "audit",
    "access",
    "agencies",
    "people",
    "directory",
    "sharing",
    "tasking",
    "referrals",
    "casework",
    "oversight",
    "reporting",
    "api",
    # What assembles them, for its management commands.
    "config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "django_celery_beat",
    "csp",
    # Last: its permissions are synced when every other room has been migrated.
    "guardian",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.content_security.ContentSecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "agencies.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "agencies.middleware.InUseMiddleware",
    "agencies.middleware.SecondFactorMiddleware",
    "agencies.middleware.ActorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agencies.context_processors.hat",
            ],
        },
    }
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "assets" / "built"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Sign-in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["agencies.backends.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "agencies.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "agencies.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "agencies.forms.SignInForm",
    "reauthenticate": "agencies.forms.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    # The public door. A school or a hospital may share one address.
    "refer": "10/m/ip,200/d/ip",
    # A card and its PIN: six digits must not be tried out.
    "about_me": "5/m/ip,40/d/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Throughline"
# A reset link leaves the address unverified; that must not keep a user from a second factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "agencies.adapters.MFAAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
PASSWORD_RESET_TIMEOUT = 3600
# As Django's own in the database.
SESSION_ENGINE = "agencies.sessions"
IDLE_SECONDS = 30 * 60
"""After so long without a request somebody is signed out."""
SESSION_NOTED_SECONDS = 60
"""That a session is in use is written down this often at most, not at every request."""
SESSION_COOKIE_AGE = IDLE_SECONDS + SESSION_NOTED_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
TIMEOUT_WARNING_SECONDS = 5 * 60
# Rate limits must hold across processes and while Redis is down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# guardian: no row for an anonymous user, whose groups could be given something.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# --- Headers -----------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # The hash is of GOV.UK Frontend's one inline script.
        "script-src": [SELF, "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}

# --- API ---------------------------------------------------------------------------------
KNOX_TOKEN_MODEL = "agencies.ApiToken"  # noqa: S105 (a model's name)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.authentication.IsMember"],
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.QuickJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsing.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.parsing.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.problem_details",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.MemberThrottle"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_CALLS_A_MINUTE = 600
"""How many calls one membership may make in each minute of the clock."""
SPECTACULAR_SETTINGS = {
    "TITLE": "Throughline",
    "DESCRIPTION": "The same queries and actions as the pages, for partner systems.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["api.authentication.IsMember"],
    "SERVE_AUTHENTICATION": [
        "api.authentication.TokenAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Every enumeration by name, so that clients' generated code keeps its names.
    "ENUM_NAME_OVERRIDES": {
        "AttendanceEnum": "casework.enums.Attendance",
        "BasisEnum": "sharing.enums.BASIS_CHOICES",
        "CaseStateEnum": "casework.enums.CaseState",
        "CategoryEnum": "api.fields.CATEGORY_CHOICES",
        "ChannelEnum": "sharing.enums.Channel",
        "CloseReasonEnum": "casework.enums.CloseReason",
        "CompetenceEnum": "sharing.enums.Competence",
        "ComponentEnum": "casework.enums.COMPONENT_CHOICES",
        "ConsentPlaceEnum": "sharing.enums.ConsentPlace",
        "ContactKindEnum": "people.enums.ContactKind",
        "DecisionKindEnum": "sharing.enums.DecisionKind",
        "DecisionStateEnum": "sharing.enums.DecisionState",
        "DeclineReasonEnum": "referrals.enums.DeclineReason",
        "DoorEnum": "referrals.enums.Door",
        "EthnicityEnum": "people.enums.Ethnicity",
        "EthnicitySourceEnum": "people.enums.EthnicitySource",
        "EventKindEnum": "casework.enums.EventKind",
        "GiverEnum": "sharing.enums.Giver",
        "IdentifierSchemeEnum": "people.enums.IdentifierScheme",
        "KnownEnum": "referrals.enums.Known",
        "LimbEnum": "sharing.enums.Limb",
        "ModeEnum": "casework.enums.Mode",
        "PartPlayedEnum": "casework.enums.PartPlayed",
        "PurposeEnum": "sharing.enums.Purpose",
        "ResponsibilityEnum": "sharing.enums.Responsibility",
        "RatingMomentEnum": "casework.enums.RatingMoment",
        "ReferralStateEnum": "referrals.enums.ReferralState",
        "RelationshipKindEnum": "people.enums.RelationshipKind",
        "TaskAnswerEnum": "api.v1.tasks.ANSWERS",
        "TaskKindEnum": "tasking.enums.TaskKind",
        "TaskStateEnum": "tasking.enums.TaskState",
    },
}

# --- History -----------------------------------------------------------------------------
# History is dated by the transaction's instant, like everything else that it writes.
PGHISTORY_CREATED_AT_FUNCTION = (
    "coalesce(nullif(current_setting('app.at', true), '')::timestamptz, now())"
)
PGTRIGGER_SCHEMA_EDITOR = True

# --- Background work ---------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
    # Whoever has just saved does not wait for a broker that is down: the outbox tries again.
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "relay-outbox": {"task": "core.relay_outbox", "schedule": 15.0},
    "chase-emergencies": {"task": "sharing.chase_emergencies", "schedule": 300.0},
    "seal-audit": {"task": "audit.seal", "schedule": 30.0},
    # Every ten minutes: a day's reading is counted while it can still be stopped.
    "watch-reading": {"task": "oversight.watch_reading", "schedule": 600.0},
    "climb-alerts": {"task": "tasking.climb_alerts", "schedule": 60.0},
    # Hourly: what "today" is, the task works out in London time.
    "find-due": {"task": "casework.find_due", "schedule": crontab(minute="5")},
    "climb-reviews": {"task": "sharing.climb_reviews", "schedule": 300.0},
    "leave-lapsed": {"task": "agencies.leave_lapsed", "schedule": 300.0},
    "find-due-sharing": {"task": "sharing.find_due", "schedule": crontab(minute="10")},
    "clear-reach": {"task": "sharing.clear_reach", "schedule": crontab(minute="40")},
    # Once, at night: new names wait as long as it looks through those that there are.
    "forget-spellings": {
        "task": "people.forget_spellings",
        "schedule": crontab(hour="2", minute="50"),
    },
}

# --- E-mail and logs ---------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "throughline@localhost")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
# Either STARTTLS, mostly at port 587, or TLS from the first byte, mostly at 465.
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL") == "1"
EMAIL_TIMEOUT = float(os.environ.get("EMAIL_TIMEOUT", "10"))
"""Seconds for each answer of the mail server. What it does not take is sent again later."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# guardian is asked about groups, never about users: its authentication backend, by which a
# superuser passes everything, is left out on purpose.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
