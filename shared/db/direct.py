"""Statements of hot paths, handed to PostgreSQL's driver itself: what lies between costs as much as they do.

A statement is built once, at the top of a module, and its values are such as the driver takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, PoolProxiedConnection, Select, TextClause, Update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from shared.db.errors import ConstraintBroken, DatabaseUnavailable

_DIALECT: Any = PGDialect_psycopg()  # type: ignore[no-untyped-call] # the library has no types here
Statement = TextClause | Update | Select[*tuple[Any, ...]]
Values = Mapping[str, Any]


def run(connection: Connection | PoolProxiedConnection, statement: Statement, values: Values) -> Sequence[Any]:
    """The rows of one statement, as tuples; raises ConstraintBroken or DatabaseUnavailable."""
    pooled = connection.connection if isinstance(connection, Connection) else connection
    driver: Any = pooled.driver_connection
    try:
        cursor = driver.execute(driver_text(statement), values)
        # Asked like this because the cursor's own description makes an object of each column.
        return cursor.fetchall() if cursor.pgresult.nfields else ()
    except psycopg.IntegrityError as error:
        # Not chained: the driver's message quotes the row.
        raise ConstraintBroken(str(error.diag.constraint_name)) from None
    except psycopg.OperationalError as error:
        if driver.closed:
            connection.invalidate(error)
        raise DatabaseUnavailable(type(error).__name__) from error


def read_directly(engine: Engine, statement: Select[*tuple[Any, ...]], values: Values) -> dict[str, Any] | None:
    """The one row that a statement finds, by the names of its columns; raises DatabaseUnavailable."""
    try:
        connection = engine.raw_connection()
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    try:
        found = run(connection, statement, {**_own_values(statement), **values})
    finally:
        connection.close()
    return dict(zip(_names(statement), found[0], strict=True)) if found else None


@cache
def _names(statement: Select[*tuple[Any, ...]]) -> tuple[str, ...]:
    return tuple(statement.selected_columns.keys())


@cache
def _own_values(statement: Statement) -> Values:
    """Those that were given when it was built."""
    return dict(statement.compile(dialect=_DIALECT).params)


@cache
def driver_text(statement: Statement) -> str:
    """The statement as the driver reads it."""
    return str(statement.compile(dialect=_DIALECT))
