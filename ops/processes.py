"""The processes of an installation, as data: the demo starts them, docker-compose must match.

`tests/ops/test_compose.py` holds `docker-compose.yml` against this file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One kind of process: how it is started, and how to ask whether it is well."""

    name: str
    command: tuple[str, ...]

    @property
    def health(self) -> tuple[str, ...]:
        """The command that exits with 0 when the process is well."""
        return ("python", "-m", "ops.health", self.name)


#: Where the web server listens is in `GRANIAN_HOST` and `GRANIAN_PORT`.
WEB = Process(
    "web",
    (
        "granian",
        "--interface=wsgi",
        "--workers=2",
        # Each holds a database connection; a page waits for the database more than it computes.
        "--blocking-threads=4",
        "--no-ws",
        "--respawn-failed-workers",
        "config.wsgi:application",
    ),
)

WORKER = Process(
    "worker",
    (
        "celery",
        "--app=config",
        "--quiet",
        "worker",
        "--loglevel=INFO",
        "--concurrency=2",
        # Workers need not know one another, and start sooner when they do not ask.
        "--without-gossip",
        "--without-mingle",
    ),
)

#: Exactly one of these may run, or what it starts is started twice.
BEAT = Process(
    "beat",
    (
        "celery",
        "--app=config",
        "--quiet",
        "beat",
        "--loglevel=INFO",
        "--scheduler=django_celery_beat.schedulers:DatabaseScheduler",
        # No file with a process number, which would outlive a kill and keep the next one out.
        "--pidfile=",
    ),
)

PROCESSES = (WEB, WORKER, BEAT)

#: Run once before the others, with `THROUGHLINE_DATABASE_ROLE=owner`.
MIGRATE = ("python", "manage.py", "migrate", "--no-input")
