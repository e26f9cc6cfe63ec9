"""docker-compose.yml says the same as what `make demo` starts."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
import yaml

from ops.health import CHECKS
from ops.processes import MIGRATE, PROCESSES, WEB, Process
from ops.state import CHECKOUT

SERVERS = {"postgres", "redis"}
APPLICATION = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    compose = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return dict(compose["services"])


def test_every_process_of_the_demo_is_a_service_and_nothing_else_is(
    services: dict[str, Any],
) -> None:
    names = {process.name for process in PROCESSES}
    assert set(services) == SERVERS | names | {"migrate"}


@APPLICATION
def test_a_service_runs_the_command_of_the_demo(services: dict[str, Any], process: Process) -> None:
    assert tuple(services[process.name]["command"]) == process.command


@APPLICATION
def test_a_service_is_asked_how_it_is(services: dict[str, Any], process: Process) -> None:
    assert services[process.name]["healthcheck"]["test"] == ["CMD", *process.health]
    assert process.name in CHECKS


@APPLICATION
def test_a_service_waits_for_servers_and_migrations(
    services: dict[str, Any], process: Process
) -> None:
    needs = services[process.name]["depends_on"]
    assert {name: need["condition"] for name, need in needs.items()} == {
        "postgres": "service_healthy",
        "redis": "service_healthy",
        "migrate": "service_completed_successfully",
    }


@APPLICATION
def test_no_service_knows_the_owner_of_the_tables(
    services: dict[str, Any], process: Process
) -> None:
    environment = services[process.name]["environment"]
    assert "DATABASE_OWNER_URL" not in environment
    assert "THROUGHLINE_DATABASE_ROLE" not in environment
    assert "//tl_app:" in environment["DATABASE_URL"]


def test_only_the_migrations_work_as_the_owner(services: dict[str, Any]) -> None:
    migrate = services["migrate"]
    assert tuple(migrate["command"]) == MIGRATE
    assert migrate["environment"]["THROUGHLINE_DATABASE_ROLE"] == "owner"
    assert "//tl_owner:" in migrate["environment"]["DATABASE_OWNER_URL"]
    assert migrate["restart"] == "no"


@pytest.mark.parametrize("server", sorted(SERVERS))
def test_a_server_is_asked_how_it_is_and_keeps_its_data(
    services: dict[str, Any], server: str
) -> None:
    assert services[server]["healthcheck"]["test"]
    assert any(volume.startswith(f"{server}:/") for volume in services[server]["volumes"])
    assert "ports" not in services[server], "nobody outside talks to it"


def test_postgresql_is_the_demos_with_the_demos_roles(services: dict[str, Any]) -> None:
    postgres = services["postgres"]
    assert postgres["image"] == "postgres:18"
    # From version 18 on the image keeps its data in a folder below this one.
    assert "postgres:/var/lib/postgresql" in postgres["volumes"]
    scripts = [volume.split(":") for volume in postgres["volumes"] if volume.startswith("./")]
    assert [source for source, *_ in scripts] == ["./ops/sql/roles.sql", "./ops/sql/database.sql"]
    # The image runs them by name, and the rights are given to roles that must be there by then.
    targets = [target for _, target, *_ in scripts]
    assert targets == sorted(targets)
    assert all((CHECKOUT / source).exists() for source, *_ in scripts)


def test_redis_loses_no_work(services: dict[str, Any]) -> None:
    command = shlex.join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "--requirepass" in command


def test_every_container_has_an_init_that_reaps_and_forwards(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if service.get("init") is not True] == []


def test_no_secret_has_a_value_in_the_file() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text()
    for name in (
        "SECRET_KEY",
        "AUDIT_KEY",
        "AUDIT_SIGNING_KEY",
        "FIELD_KEY",
        "VAULT_KEYS",
        "POSTGRES_PASSWORD",
        "TL_APP_PASSWORD",
    ):
        assert f"{name}: ${{{name}:?}}" in text


def test_checkpoints_of_the_audit_trail_leave_the_database(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert "file:///var/lib/throughline/audit/" in services[name]["environment"]["AUDIT_SINKS"]
    assert "audit:/var/lib/throughline/audit" in services["worker"]["volumes"]
    assert not [volume for volume in services["postgres"]["volumes"] if volume.startswith("audit:")]


def test_the_image_starts_the_web_server_as_an_ordinary_user() -> None:
    text = (CHECKOUT / "Dockerfile").read_text()
    assert "\nUSER throughline\n" in text
    command = text[text.rindex("CMD [") + 4 :].replace("\\\n", "")
    assert tuple(yaml.safe_load(command)) == WEB.command
