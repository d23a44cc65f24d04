"""A PostgreSQL of the tests' own: free port, own folder, gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection, connect
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

_SERVER_USER = "postgres"
_START_SECONDS = "60"
_LEAVE_SECONDS = 30.0


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """One running server; `url(name)` is the address of a database in it."""

    folder: Path
    port: int
    bin: Path
    is_durable: bool = False

    @classmethod
    def start(cls, folder: Path, *, durable: bool = False) -> "Cluster":
        """Make a cluster in `folder` and start it; `durable` keeps fsync on, for fault tests."""
        binaries = programs()
        if binaries is None:
            raise FileNotFoundError("postgresql")
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, _SERVER_USER, _SERVER_USER)
            for parent in folder.parents:
                if parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        cluster = cls(folder, free_port(), binaries, durable)
        if not (folder / "cluster").exists():
            cluster.run("initdb", "-D", str(folder / "cluster"), "-U", _SERVER_USER, "-A", "trust", "--no-sync")
        cluster.run("pg_ctl", "-w", "-t", _START_SECONDS, *cluster._control("start"))
        return cluster

    def restart_after_kill(self) -> None:
        """End the server's first process as a power cut would, and start it again with the same data."""
        os.kill(self._pid(), signal.SIGKILL)
        deadline = time.monotonic() + _LEAVE_SECONDS
        while True:  # the killed server's children notice one by one
            try:
                return self.run("pg_ctl", "-w", "-t", _START_SECONDS, *self._control("start"))
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server at once."""
        self.run("pg_ctl", "-w", "-m", "immediate", "-D", str(self.folder / "cluster"), "stop", check=False)

    def url(self, name: str) -> str:
        """SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://{_SERVER_USER}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str) -> str:
        """Make an empty database and return its address."""
        self._order(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self._order(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def session(self, name: str) -> Connection[TupleRow]:
        """A session in a database; each statement is a transaction of its own."""
        return connect(host="127.0.0.1", port=self.port, user=_SERVER_USER, dbname=name, autocommit=True)

    def _order(self, statement: Composed) -> None:
        """Have the server itself do something: a program for it takes longer to start than the work."""
        with self.session("postgres") as session:
            session.execute(statement)

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        """Run one of PostgreSQL's programs as its own user."""
        command = [str(self.bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _SERVER_USER, "--", *command]
        subprocess.run(command, check=check, capture_output=True, cwd=self.folder)

    def _pid(self) -> int:
        return int((self.folder / "cluster" / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def _control(self, verb: str) -> list[str]:
        fast = "" if self.is_durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}{fast}"
        return ["-D", str(self.folder / "cluster"), "-l", str(self.folder / "log"), "-o", options, verb]
