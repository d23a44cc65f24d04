"""Engines for SQLite and PostgreSQL with the settings the suite relies on."""

import os
import select
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakSet

import orjson
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError

_BUSY_MILLISECONDS = 30_000
_POOL: dict[str, int] = {"pool_size": 5, "max_overflow": 11, "pool_timeout": 15, "pool_recycle": 1800}
# A dead peer is noticed within half a minute; nobody waits for a lock, or sits on one, for long.
_POSTGRESQL_CONNECT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_POSTGRESQL_SETTINGS = "-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=300s"
# The server, too, notices within half a minute that a machine has gone, and frees what it held, as the relay's turn.
_POSTGRESQL_SETTINGS += " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
_SQLITE_LINES: tuple[str, ...] = (
    f"busy_timeout={_BUSY_MILLISECONDS}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # replacing a row fires the triggers that guard it
)
_engines: WeakSet[Engine] = WeakSet()
_inherited: list[Any] = []


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///...` or `postgresql://...`; other databases are refused."""
    return _made(url, is_reading=False)


def make_reading_engine(engine: Engine) -> Engine:
    """A second engine for the same database, on which the database itself refuses every change."""
    return _made(engine.url.render_as_string(hide_password=False), is_reading=True)


def _made(url: str, *, is_reading: bool) -> Engine:
    kind = make_url(url).get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise ValueError(f"no such database here: {kind}")
    engine = (_sqlite if kind == "sqlite" else _postgresql)(url, is_reading=is_reading)
    _engines.add(engine)
    return engine


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _create(url: str, connect: Mapping[str, Any], **more: Any) -> Engine:
    # An error message must not show the values of a statement.
    json = {"json_serializer": _to_json, "json_deserializer": orjson.loads}
    return create_engine(url, hide_parameters=True, connect_args=dict(connect), **json, **more)


def _postgresql(url: str, *, is_reading: bool) -> Engine:
    options, more = _POSTGRESQL_SETTINGS, dict[str, Any](_POOL)
    if is_reading:
        options += " -c default_transaction_read_only=on -c synchronous_commit=off"  # a ring need not reach the disk
        more["isolation_level"] = "AUTOCOMMIT"  # without a transaction around it, reading saves two round trips
    engine = _create(url, {**_POSTGRESQL_CONNECT, "options": options}, **more)

    @event.listens_for(engine, "checkout")
    def _is_alive(connection: Any, _record: Any, _proxy: Any) -> None:
        # Nobody speaks to a connection at rest. If something is there to be read, it is most often the end of it;
        # asking then is enough, and spares all others the way to the server and back.
        if _has_news(connection.fileno()) and not _answers(engine, connection):
            raise InvalidatePoolError

    return engine


def _has_news(socket: int) -> bool:
    looking = select.poll()
    looking.register(socket, select.POLLIN)
    return bool(looking.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def _sqlite(url: str, *, is_reading: bool) -> Engine:
    path = make_url(url).database
    is_file = path is not None and path not in {"", ":memory:"}
    if is_file:
        Path(str(path)).parent.mkdir(parents=True, exist_ok=True)
    connect = {"timeout": _BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    engine = _create(url, connect, **(_POOL if is_file else {}))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: the suite says when, and of which kind.
        connection.isolation_level = None
        lines = _SQLITE_LINES + (("query_only=ON",) if is_reading else ())
        for line in lines:
            connection.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


def _start_anew_in_child() -> None:
    """A forked child opens its own connections; those of its parent are neither used nor closed here."""
    for engine in list(_engines):
        _inherited.append(engine.pool)
        engine.pool = engine.pool.recreate()


os.register_at_fork(after_in_child=_start_anew_in_child)
