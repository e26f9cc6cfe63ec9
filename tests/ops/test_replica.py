"""`python -m ops.stack --replica`: a second server that follows, and outlives nothing."""

from __future__ import annotations

import os
import shutil
import stat
import sys

import pytest

from ops import account
from ops.state import State
from tests.ops.test_stack import STACK, UNTOLD, env, folder, launch, left_behind, run

__all__ = ["env", "folder"]

REPLICATED = [*STACK, "--replica"]
UNTOLD_REPLICATED = [*UNTOLD, "--replica"]
FOLLOWED = """
import os, psycopg
from ops.lifeline import wait_until
with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as primary:
    primary.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 'row' AS what")
    primary.execute("GRANT SELECT ON kept TO tl_app")
    there = primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone()[0]
with psycopg.connect(os.environ["DATABASE_REPLICA_URL"], autocommit=True) as replica:
    def arrived():
        return replica.execute(
            "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [there]
        ).fetchone()[0]
    assert wait_until(arrived, 10)
    print(replica.execute("SELECT what, pg_is_in_recovery() FROM kept").fetchone(), flush=True)
    try:
        replica.execute("CREATE TABLE more ()")
    except psycopg.errors.ReadOnlySqlTransaction:
        print("read only", flush=True)
"""
FOLLOWS = "('row', True)\nread only\n"


def follow(env: dict[str, str], *options: str) -> tuple[int, str, str]:
    return run(env, *options, "--", sys.executable, "-c", FOLLOWED, start=REPLICATED)


def test_a_throwaway_replica_follows_is_read_only_and_leaves_nothing(env, folder):
    assert follow(env, "--throwaway")[:2] == (0, FOLLOWS)
    assert list(folder.iterdir()) == []
    assert left_behind(folder) == []


def test_it_runs_as_the_databases_account_and_its_password_is_in_no_command_line(env, folder):
    launcher = launch(env, "--", "sh", "-c", "echo ready; read line", start=REPLICATED)
    data = State(folder, throwaway=False).replica
    passwords = data / "passwords"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    assert data.stat().st_uid == passwords.stat().st_uid == account.uid()
    secret = passwords.read_text().strip().rpartition(":")[2]
    assert len(secret) > 30
    assert left_behind(folder)
    assert not [line for line in left_behind(folder) if secret in line]
    launcher.communicate("go on\n", timeout=30)
    assert left_behind(folder) == []


@pytest.mark.parametrize("start", [REPLICATED, UNTOLD_REPLICATED], ids=["told", "untold"])
def test_after_a_kill_the_next_run_goes_on_with_the_same_copy(env, folder, start):
    launcher = launch(env, "--", sys.executable, "-c", FOLLOWED + "input()", start=start)
    made = (State(folder, throwaway=False).replica / "data" / "backup_label.old").stat().st_ino
    launcher.kill()
    launcher.wait()
    assert follow(env)[:2] == (0, FOLLOWS)
    now = (State(folder, throwaway=False).replica / "data" / "backup_label.old").stat().st_ino
    assert now == made


@pytest.mark.deep
def test_a_copy_of_a_server_that_is_gone_is_made_anew(env, folder):
    assert follow(env)[0] == 0
    shutil.rmtree(State(folder, throwaway=False).postgres)
    quick = [
        sys.executable,
        "-c",
        "import sys; from ops import replica; replica._PATIENCE = 2.0;"
        "from ops.stack import main; sys.exit(main(sys.argv[1:]))",
        "--no-migrate",
        "--replica",
    ]
    assert run(env, "--", sys.executable, "-c", FOLLOWED, start=quick)[:2] == (0, FOLLOWS)


def test_a_database_of_ones_own_brings_its_own_replica(env):
    env |= {"DATABASE_URL": "postgresql://here/db", "REDIS_URL": "redis://there/0"}
    status, _, error = run(env, "--", "true", start=REPLICATED)
    assert status == 1
    assert "DATABASE_REPLICA_URL" in error


def test_without_the_option_there_is_none(env):
    assert "DATABASE_REPLICA_URL" not in os.environ
    assert "DATABASE_REPLICA_URL" not in run(env, "--throwaway", "--", "env")[1]
