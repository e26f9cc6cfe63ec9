"""A second PostgreSQL that follows the first one: a hot standby, read from and never written to.

It is made by a base backup over this machine's own address and follows by streaming. What it keeps
is a copy and nothing else: one that can't catch up any more is thrown away and made anew.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from ops import account, binaries, lifeline, ports
from ops.postgres import APP, DATABASE, REPLICATOR, SQL, Cluster, serving, url
from ops.state import StackError, State

#: A replica that has not begun to stream after so many seconds will not: its copy is too old.
_PATIENCE = 20.0
_STREAMS = "SELECT coalesce((SELECT status FROM pg_stat_wal_receiver), '') = 'streaming'"
#: What a server keeps for one that follows it: PostgreSQL's own defaults, also in a throwaway
#: stack, and some log to catch up from after the other was off for a while.
_FOLLOWED = {"wal_level": "replica", "max_wal_senders": "10", "wal_keep_size": "256MB"}


@contextlib.contextmanager
def running(state: State) -> Iterator[dict[str, str]]:
    """Run the server of this state folder and a replica of it; give their addresses."""
    programs = binaries.folder()
    primary = Cluster(state, programs, state.postgres, settings=_FOLLOWED)
    with serving(primary) as (port, addresses), following(primary, port=port) as follower:
        yield addresses | {"DATABASE_REPLICA_URL": url(APP, state.password(APP), follower)}


@contextlib.contextmanager
def following(primary: Cluster, *, port: int) -> Iterator[int]:
    """Run a replica of a server that listens at `port`; give the replica's own port."""
    cluster = _cluster(primary, port)
    cluster.stop_leftover()
    primary.psql(port, DATABASE, "", "-f", str(SQL / "replication.sql"))
    fresh = _copy(cluster, port)
    server, own = cluster.start()
    try:
        if not _streams(cluster, own):
            cluster.stop(server)
            if fresh:
                raise StackError(f"The replica does not follow; {cluster.log} may tell why.")
            # It was off for too long, or it follows a server that has been thrown away.
            shutil.rmtree(cluster.data)
            _copy(cluster, port)
            server, own = cluster.start()
            if not _streams(cluster, own):
                raise StackError(f"The replica does not follow; {cluster.log} may tell why.")
        yield own
    finally:
        cluster.stop(server)


def _cluster(primary: Cluster, port: int) -> Cluster:
    state = primary.state
    # The password stands in a file, because settings can be read in the list of processes.
    source = f"host={ports.HOST} port={port} user={REPLICATOR} passfile={_passfile(state)}"
    settings = {
        "primary_conninfo": f"{source} application_name=throughline_replica",
        # A long report here keeps the rows it reads from being cleaned up there.
        "hot_standby_feedback": "on",
    }
    settings = _FOLLOWED | settings  # it can't be started with less than its primary has
    return Cluster(state, primary.programs, state.replica, name="replica", settings=settings)


def _passfile(state: State) -> Path:
    return state.replica / "passwords"


def _copy(cluster: Cluster, primary: int) -> bool:
    """Make the replica's data by a base backup, unless it is there; say whether it was made."""
    cluster.make_folder()
    _write_password(cluster)
    if cluster.data.exists():
        return False
    # Made aside and then renamed: what a kill left half-made is never taken for a replica.
    draft = cluster.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    where = ["-h", ports.HOST, "-p", str(primary), "-U", REPLICATOR, "--no-password"]
    how = ["-D", str(draft), "--wal-method=stream", "--checkpoint=fast"]
    if cluster.state.throwaway:
        how.append("--no-sync")
    environment = {"PGPASSFILE": str(_passfile(cluster.state))}
    made = cluster.run("pg_basebackup", *where, *how, environment=environment)
    if made.returncode != 0:
        raise StackError(f"The replica could not be made:\n{made.stderr}")
    signal = draft / "standby.signal"
    signal.touch(mode=0o600)
    account.own(signal)
    draft.rename(cluster.data)
    return True


def _write_password(cluster: Cluster) -> None:
    """The password file, for the database's account alone."""
    path = _passfile(cluster.state)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    account.own(path)
    path.write_text(f"{ports.HOST}:*:*:{REPLICATOR}:{cluster.state.password(REPLICATOR)}\n")


def _streams(cluster: Cluster, port: int) -> bool:
    """Whether the replica receives what its primary writes; waits for it to begin."""
    return lifeline.wait_until(
        lambda: cluster.psql(port, DATABASE, _STREAMS) == "t", _PATIENCE, pause=0.1
    )
