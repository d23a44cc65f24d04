"""The stack's own PostgreSQL: one database and one user a service, with passwords, open to this machine only."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.processes import CannotStart, Family
from deploy.stack.earlier import end_earlier
from deploy.stack.place import DATABASES, StackPlace
from shared.testing.postgresql import Cluster, programs

HERE, SERVER_USER = "127.0.0.1", "postgres"
_START_SECONDS = 60.0
_PASSWORDS_ONLY = f"local all {SERVER_USER} trust\nhost all all {HERE}/32 scram-sha-256\n"


def url_of(place: StackPlace, database: str) -> str:
    """The address of a database, for its own user."""
    secret = place.passwords()[database]
    return f"postgresql+psycopg://{database}:{secret}@{HERE}:{place.database_port}/{database}"


def make(place: StackPlace) -> None:
    """Make the cluster, its users and databases; afterwards it does not run."""
    _binaries()
    cluster = Cluster.start(place.folder / "postgresql", durable=True)
    try:
        _fill(cluster.port, place.passwords())
        (cluster.folder / "cluster" / "pg_hba.conf").write_text(_PASSWORDS_ONLY, encoding="utf-8")
    finally:
        cluster.run("pg_ctl", "-w", "-m", "fast", "-D", str(cluster.folder / "cluster"), "stop", check=False)
        os.sync()  # the cluster was made without waiting for the disk


def start(place: StackPlace, family: Family) -> None:
    """Run the server as a child and wait until it takes sessions; it ends them when it is asked to stop."""
    cluster = place.folder / "postgresql" / "cluster"
    end_earlier(cluster / "postmaster.pid", b"postgres", signal.SIGINT)
    settings = {"listen_addresses": HERE, "port": place.database_port, "unix_socket_directories": ""}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    family.start(
        [str(_binaries() / "postgres"), "-D", str(cluster), *options],
        log=place.folder / "log" / "postgresql.log",
        stop_signal=signal.SIGINT,
        user=SERVER_USER if os.geteuid() == 0 else None,
        is_server=True,
    )
    if not _takes_sessions(place, family):
        raise CannotStart(f"PostgreSQL did not start; {place.folder / 'log'} tells why.\n{family.last_words()}")


def _binaries() -> Path:
    found = programs()
    if found is None:
        raise CannotStart("PostgreSQL's server programs are not on this machine (Debian: postgresql).")
    return found


def _takes_sessions(place: StackPlace, family: Family) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and not family.ended():
        try:
            psycopg.connect(url_of(place, DATABASES[0]).replace("+psycopg", "", 1), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return True
    return False


def _fill(port: int, passwords: Mapping[str, str]) -> None:
    with psycopg.connect(host=HERE, port=port, user=SERVER_USER, dbname=SERVER_USER, autocommit=True) as session:
        for name in DATABASES:
            user, secret = sql.Identifier(name), sql.Literal(passwords[name])
            session.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(user, secret))
            session.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(user, user))
            session.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(user))
