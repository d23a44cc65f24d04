"""Engines for SQLite and PostgreSQL with the settings the suite relies on."""

from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event, make_url

_BUSY_MILLISECONDS = 30_000
_POOL_SIZE, _POOL_OVERFLOW, _POOL_RECYCLE = 8, 8, 1800


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///...` or `postgresql://...`; other databases are refused."""
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        return _sqlite(url)
    if kind == "postgresql":
        return create_engine(
            url,
            json_serializer=_to_json,
            json_deserializer=orjson.loads,
            hide_parameters=True,  # an error message must not show values
            pool_pre_ping=True,
            pool_size=_POOL_SIZE,
            max_overflow=_POOL_OVERFLOW,
            pool_recycle=_POOL_RECYCLE,
            connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"},
        )
    raise ValueError(f"no such database here: {kind}")


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        connect_args={"timeout": _BUSY_MILLISECONDS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: the suite says when, and of which kind.
        connection.isolation_level = None
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MILLISECONDS}"):
            connection.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN" if options.get("suite_reading") else "BEGIN IMMEDIATE")

    return engine
