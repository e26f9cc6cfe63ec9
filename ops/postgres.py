"""PostgreSQL for a machine that has none: a real server, on this machine's own address only."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ops import account, binaries, lifeline, ports
from ops.state import StackError, State

DATABASE = "throughline"
OWNER = "tl_owner"
APP = "tl_app"
SQL = Path(__file__).parent / "sql"
REPLICATOR = "tl_replica"
_SUPERUSER = "postgres"
_CREATE = r"""
SELECT 'CREATE DATABASE throughline'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'throughline')
\gexec
"""
_START_PATIENCE = 60.0
_TRIES = 5

_SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    # A statement that failed, and the detail of why, hold people's data: keep them out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_MOST_SHARED = 8 << 30
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
#: Faster, and not safe if the machine stops: for data that nobody will miss.
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def _memory() -> dict[str, str]:
    """What the server keeps in its own memory: a quarter of the machine's, as its manual advises.

    The 128 MB that it takes unasked hold the indexes of some ten thousand people; with a million,
    lists took half as long again. Memory is taken as it is used.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        # A container may have less; where it has no limit there is no number.
        machine = min(machine, int(_GROUP_LIMIT.read_text()))
    return {"shared_buffers": f"{min(machine // 4, _MOST_SHARED) >> 20}MB"}


@contextlib.contextmanager
def running(state: State) -> Iterator[dict[str, str]]:
    """Run the server of this state folder; give the addresses for the environment."""
    with serving(Cluster(state, binaries.folder(), state.postgres)) as (_, addresses):
        yield addresses


@contextlib.contextmanager
def serving(cluster: Cluster) -> Iterator[tuple[int, dict[str, str]]]:
    """Run a primary; give its port, and the addresses for the environment."""
    cluster.stop_leftover()
    cluster.create()
    server, port = cluster.start()
    try:
        cluster.prepare(port)
        state = cluster.state
        yield (
            port,
            {
                "DATABASE_URL": url(APP, state.password(APP), port),
                "DATABASE_OWNER_URL": url(OWNER, state.password(OWNER), port),
            },
        )
    finally:
        cluster.stop(server)


def url(role: str, password: str, port: int) -> str:
    """The address of the database for a role."""
    return f"postgresql://{role}:{password}@{ports.HOST}:{port}/{DATABASE}"


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster: where its programs and its data are."""

    state: State
    programs: Path
    folder: Path
    name: str = "postgres"
    """What its process is recorded as."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What it is started with besides the settings that all have."""

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.folder / "log"

    @property
    def record(self) -> Path:
        """The note of the process that runs it."""
        return self.state.records / f"{self.name}.json"

    def run(
        self, program: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the database's account."""
        return subprocess.run(
            [str(self.programs / program), *arguments],
            **account.popen_options(),
            env={**os.environ, **(environment or {})},
            cwd="/",
            text=True,
            capture_output=True,
            check=False,
        )

    def create(self) -> None:
        """Make the cluster, unless it is there."""
        self.make_folder()
        if self.data.exists():
            return
        # Made aside and then renamed: what a kill left half-made is never taken for a cluster.
        draft, password = self.folder / "data.new", self.folder / "password"
        shutil.rmtree(draft, ignore_errors=True)
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        account.own(password)
        password.write_text(self.state.password(_SUPERUSER))
        arguments = ["-D", str(draft), "-U", _SUPERUSER, "-E", "UTF8"]
        arguments += ["--auth=scram-sha-256", f"--pwfile={password}", *self._locale()]
        if self.state.throwaway:
            arguments.append("--no-sync")
        made = self.run("initdb", *arguments)
        password.unlink()
        if made.returncode != 0:
            raise StackError(f"initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.data)

    def make_folder(self) -> None:
        """The cluster's folder, which only the database's account may enter."""
        with contextlib.suppress(FileExistsError):
            self.folder.mkdir(mode=0o700)
            account.own(self.folder)
        if self.folder.is_symlink() or self.folder.stat().st_uid != account.uid():
            raise StackError(
                f"{self.folder} belongs to another user (was the demo run as another one?).\n"
                "Run it as that user, or remove the folder to start again."
            )

    def _locale(self) -> list[str]:
        """The same order of letters on every machine; built into PostgreSQL from 17 on."""
        version = self.run("postgres", "--version").stdout.split()[-1]
        if int(version.split(".")[0]) < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def start(self) -> tuple[subprocess.Popen[bytes], int]:
        """Start the server on a free port and wait until it answers.

        Tried again when the port was taken meanwhile, or when the last processes of a killed
        server still hold its memory.
        """
        for _ in range(_TRIES):
            port = ports.free()
            server = self._launch(port)
            try:
                if self._is_ready(server):
                    return server, port
            except BaseException:  # interrupted while it starts: then it must not stay either
                self.stop(server)
                raise
            lifeline.wait_until(lambda: False, 1.0)
        raise StackError(f"PostgreSQL did not start. The end of {self.log}:\n{self._log_end()}")

    def _launch(self, port: int) -> subprocess.Popen[bytes]:
        careless = _CARELESS if self.state.throwaway else {}
        settings = {**_SETTINGS, **_memory(), **self._watched(), **careless, **self.settings}
        settings["port"] = str(port)
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        self.log.unlink(missing_ok=True)
        self.log.touch(mode=0o600)
        account.own(self.log)
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), *options],
                **account.popen_options(),
                # Out of the terminal's reach: Ctrl-C is for the launcher, which stops us in order.
                start_new_session=True,
                preexec_fn=lifeline.tied(signal.SIGINT),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        # This signal ends it whether or not somebody is still connected.
        lifeline.record(self.record, server.pid, stop_by=signal.SIGINT)
        return server

    def _watched(self) -> dict[str, str]:
        """What counts how often each statement is asked, and how long it takes: without values.

        What sets something up (`ALTER ROLE … PASSWORD`) would be kept as it is, and is left out.
        """
        there = any((self.programs.parent / "lib").rglob("pg_stat_statements.*"))
        if not there:
            return {}
        return {
            "shared_preload_libraries": "pg_stat_statements",
            "pg_stat_statements.track_utility": "off",
        }

    def _is_ready(self, server: subprocess.Popen[bytes]) -> bool:
        """Wait for the server's own word that it is ready; false if it gave up."""

        def settled() -> bool:
            return server.poll() is not None or self._status() == (server.pid, "ready")

        if not lifeline.wait_until(settled, _START_PATIENCE):
            self.stop(server)
        return server.poll() is None

    def _status(self) -> tuple[int, str]:
        """The process and the status that the server wrote into its lock file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip()
        except (OSError, ValueError, IndexError):
            return 0, ""

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def prepare(self, port: int) -> None:
        """Make the database, the roles and their rights; every start does, so they stay right."""
        self.psql(port, "postgres", _CREATE)
        for name in ("roles.sql", "database.sql"):
            self.psql(port, DATABASE, "", "-f", str(SQL / name))

    def psql(self, port: int, database: str, text: str, *arguments: str) -> str:
        """Run SQL as the superuser; give what it prints, values alone."""
        environment = os.environ | {
            "PGPASSWORD": self.state.password(_SUPERUSER),
            "TL_OWNER_PASSWORD": self.state.password(OWNER),
            "TL_APP_PASSWORD": self.state.password(APP),
            "TL_REPLICA_PASSWORD": self.state.password(REPLICATOR),
            # Nobody needs to hear that what is there already is there.
            "PGOPTIONS": "-c client_min_messages=warning",
        }
        where = ["-h", ports.HOST, "-p", str(port), "-U", _SUPERUSER, "-d", database]
        done = subprocess.run(
            [
                str(self.programs / "psql"),
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                *where,
                *arguments,
            ],
            input=text,
            env=environment,
            text=True,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise StackError(f"The database could not be prepared:\n{done.stderr}")
        return done.stdout.strip()

    def stop(self, server: subprocess.Popen[bytes]) -> None:
        """Stop the server that we started: at once for its clients, in order for its data."""
        for sig, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                if server.poll() is None:
                    server.send_signal(sig)
                server.wait(patience)
                break
        self.record.unlink(missing_ok=True)

    def stop_leftover(self) -> None:
        """Stop the server of a launcher that was killed, if there is one."""
        lock = self.data / "postmaster.pid"
        if lock.exists():
            running = self.run("pg_ctl", "status", "-D", str(self.data)).returncode == 0
            pid = self._pid()
            # The number alone may by now be somebody else's.
            ours = running and str(self.data) in lifeline.command_line(pid)
            if ours:
                for mode in ("fast", "immediate"):
                    self.run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-t", "20", "-w")
                    if not lock.exists():
                        break
            elif running:
                lock.unlink()
        lifeline.stop_recorded(self.record)

    def _pid(self) -> int:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0
