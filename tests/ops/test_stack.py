"""`python -m ops.stack` with real servers: its promises, and what a `kill -9` leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import lifeline
from ops.state import CHECKOUT, State

STACK = [sys.executable, "-m", "ops.stack", "--no-migrate"]
#: The same launcher on a system whose kernel does not tell children that it died.
UNTOLD = [
    sys.executable,
    "-c",
    "import sys; from ops import lifeline; lifeline._LIBC = None;"
    "from ops.stack import main; sys.exit(main(['--no-migrate', *sys.argv[1:]]))",
]
REMEMBER = """
import os, sys, psycopg, redis
with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as db:
    db.execute("CREATE TABLE kept AS SELECT 'row' AS what")
redis.from_url(os.environ["REDIS_URL"]).set("kept", "key")
print("remembered", flush=True)
sys.stdin.read()
"""
RECALL = """
import os, psycopg, redis
with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as db:
    print(db.execute("SELECT what FROM kept").fetchone()[0])
print(redis.from_url(os.environ["REDIS_URL"]).get("kept").decode())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database's account can reach, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="throughline-test-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    State(made, throwaway=False).clear()
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def env(folder: Path) -> dict[str, str]:
    """An environment that names no services, as on a new machine."""
    named = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in named}
    return {**kept, "THROUGHLINE_STATE": str(folder), "TMPDIR": str(folder)}


def run(env: dict[str, str], *command: str, start: list[str] = STACK) -> tuple[int, str, str]:
    done = subprocess.run(
        [*start, *command], env=env, cwd=CHECKOUT, text=True, capture_output=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def launch(env: dict[str, str], *command: str, start: list[str] = STACK) -> subprocess.Popen[str]:
    """Start a launcher and wait until its command has said something."""
    launcher = subprocess.Popen(
        [*start, *command],
        env=env,
        cwd=CHECKOUT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert launcher.stdout is not None
    assert launcher.stdout.readline()
    return launcher


def left_behind(folder: Path) -> list[str]:
    """The command lines of live processes that have to do with a folder."""
    lines = (lifeline.command_line(int(path.name)) for path in Path("/proc").glob("[0-9]*"))
    return [line for line in lines if str(folder) in line]


def test_the_command_gets_addresses_and_keys(env: dict[str, str]) -> None:
    status, out, _ = run(env, "--throwaway", "--", "env")
    given = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
    assert status == 0
    assert given["DATABASE_URL"].startswith("postgresql://tl_app:")
    assert given["DATABASE_OWNER_URL"].startswith("postgresql://tl_owner:")
    assert given["REDIS_URL"].startswith("redis://:")
    assert all(given[key] for key in ("SECRET_KEY", "AUDIT_KEY", "FIELD_KEY", "VAULT_KEYS"))


def test_the_database_has_a_quarter_of_the_memory_there_is(env: dict[str, str]) -> None:
    ask = "SELECT pg_size_bytes(current_setting('shared_buffers')) >> 20"
    script = f"""
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as db:
    print(db.execute("{ask}").fetchone()[0])
"""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    status, out, _ = run(env, "--throwaway", "--", sys.executable, "-c", script)
    assert status == 0
    # A container's limit may be lower than the machine's memory.
    assert 16 <= int(out) <= min(machine // 4, 8192)
    assert int(out) != 128, "what it takes unasked"


def test_the_commands_exit_status_is_passed_on_and_nothing_stays(
    env: dict[str, str], folder: Path
) -> None:
    status, _, _ = run(env, "--throwaway", "--", "sh", "-c", "exit 7")
    assert status == 7
    assert list(folder.iterdir()) == []
    assert left_behind(folder) == []


def test_a_command_that_a_signal_ended_says_so_as_a_shell_does(env: dict[str, str]) -> None:
    assert run(env, "--throwaway", "--", "sh", "-c", "kill -9 $$")[0] == 128 + signal.SIGKILL


def test_a_command_that_is_not_there_is_named(env: dict[str, str]) -> None:
    status, _, error = run(env, "--throwaway", "--", "no-such-command")
    assert status == 127
    assert "no-such-command" in error


def test_services_that_the_environment_names_are_used_as_they_are(env: dict[str, str]) -> None:
    env |= {"DATABASE_URL": "postgresql://here/db", "REDIS_URL": "redis://there/0"}
    status, out, _ = run(env, "--", "sh", "-c", "echo $DATABASE_URL $REDIS_URL")
    assert (status, out) == (0, "postgresql://here/db redis://there/0\n")


def test_migrations_without_an_owner_are_refused_in_words(env: dict[str, str]) -> None:
    env |= {"DATABASE_URL": "postgresql://here/db", "REDIS_URL": "redis://there/0"}
    status, _, error = run(env, "--", "true", start=[sys.executable, "-m", "ops.stack"])
    assert status == 1
    assert "DATABASE_OWNER_URL" in error
    assert "Traceback" not in error


def test_a_signal_reaches_the_command_and_then_all_stops(env: dict[str, str], folder: Path) -> None:
    script = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"
    launcher = launch(env, "--throwaway", "--", "sh", "-c", script)
    launcher.terminate()
    assert launcher.wait(30) == 5
    assert left_behind(folder) == []


def test_what_is_secret_only_its_user_can_read(env: dict[str, str], folder: Path) -> None:
    run(env, "--", "true")
    for name in ("secrets.json", "valkey/valkey.conf"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    for name in ("postgres", "valkey", "run"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700, name


def test_a_second_launcher_is_told_who_is_there(env: dict[str, str]) -> None:
    first = launch(env, "--", "sh", "-c", "echo ready; read line")
    status, _, error = run(env, "--", "true")
    first.communicate("go on\n", timeout=30)
    assert status == 1
    assert f"kill {first.pid}" in error
    assert "--throwaway" in error


@pytest.mark.parametrize("start", [STACK, UNTOLD], ids=["told", "untold"])
def test_after_a_kill_the_next_run_finds_its_data(env: dict[str, str], start: list[str]) -> None:
    launcher = launch(env, "--", sys.executable, "-c", REMEMBER, start=start)
    launcher.kill()
    launcher.wait()
    assert run(env, "--", sys.executable, "-c", RECALL)[:2] == (0, "row\nkey\n")


def test_after_a_kill_of_everything_the_next_run_finds_its_data(
    env: dict[str, str], folder: Path
) -> None:
    launcher = launch(env, "--", sys.executable, "-c", REMEMBER)
    servers = [*folder.glob("run/*.json")]
    assert len(servers) == 2
    # Valkey writes to disk once a second: what it was told a moment ago it may lose.
    lifeline.wait_until(lambda: False, 1.2)
    for pid in (launcher.pid, *(lifeline.noted(path) for path in servers)):
        os.kill(pid, signal.SIGKILL)
    launcher.wait()
    assert run(env, "--", sys.executable, "-c", RECALL)[:2] == (0, "row\nkey\n")


def test_what_a_killed_throwaway_stack_left_the_next_one_removes(
    env: dict[str, str], folder: Path
) -> None:
    launcher = launch(env, "--throwaway", "--", "sh", "-c", "echo ready; read l", start=UNTOLD)
    launcher.kill()
    launcher.wait()
    assert left_behind(folder)
    assert run(env, "--throwaway", "--", "true")[0] == 0
    assert list(folder.iterdir()) == []
    assert left_behind(folder) == []


def test_a_number_that_is_somebody_elses_by_now_is_left_alone(folder: Path) -> None:
    record = folder / "run" / "old.json"
    with subprocess.Popen(["sleep", "60"]) as other:
        lifeline.record(record, other.pid)
        record.write_text(record.read_text().replace('"birth": "', '"birth": "earlier-'))
        lifeline.stop_recorded(record)
        assert other.poll() is None
        other.kill()
    assert not record.exists()
