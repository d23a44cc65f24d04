"""Turns what the drivers raise into the suite's own errors, without any value of a row in them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.db.errors import ConstraintBroken, DatabaseUnavailable

_SQLITE = re.compile(r"(CHECK|UNIQUE|NOT NULL|FOREIGN KEY) constraint failed(?:: (?:index '([^']+)'|(.+)))?$")
_LATER_MAY_WORK = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


@contextmanager
def told_plainly(metadata: MetaData | None) -> Iterator[None]:
    """Raise ConstraintBroken or DatabaseUnavailable for what the drivers raise inside; programming errors pass."""
    try:
        yield
    except IntegrityError as error:
        # Not chained: the drivers' messages quote the row.
        raise ConstraintBroken(constraint_name(error, metadata)) from None
    except DBAPIError as error:
        if not _is_passing(error):
            raise
        raise DatabaseUnavailable(type(error.orig).__name__) from error
    except PoolTimeoutError as error:
        raise DatabaseUnavailable("all connections are in use") from error


def constraint_name(error: IntegrityError, metadata: MetaData | None) -> str:
    """The name of the broken constraint; `nn_<table>_<column>` for a missing value."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or f"nn_{diagnosis.table_name}_{diagnosis.column_name}")
    found = _SQLITE.search(str(error.orig))
    if found is None:
        return "unknown"
    kind, index, rest = found.groups()
    if index or kind == "CHECK":
        return str(index or rest)
    columns = [column.strip() for column in (rest or "").split(",")]
    match kind:
        case "UNIQUE":
            return _unique_name(columns, metadata)
        case "NOT NULL":
            return f"nn_{columns[0].replace('.', '_')}"
        case _:
            return "fk"  # SQLite does not tell which


def _is_passing(error: DBAPIError) -> bool:
    """Whether trying again later may work: the connection is lost, or the server is busy, full or going down."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _LATER_MAY_WORK
    return isinstance(error, OperationalError)


def _unique_name(columns: list[str], metadata: MetaData | None) -> str:
    """SQLite names the columns of a broken unique constraint; the metadata knows its name."""
    table_name = columns[0].split(".")[0]
    names = [column.split(".")[-1] for column in columns]
    table = metadata.tables.get(table_name) if metadata is not None else None
    known = _unique_constraints(table) if table is not None else {}
    return known.get(frozenset(names), f"uq_{table_name}_{'_'.join(names)}")


def _unique_constraints(table: Table) -> dict[frozenset[str], str]:
    keys = [item for item in table.constraints if isinstance(item, UniqueConstraint | PrimaryKeyConstraint)]
    indexes: list[Index] = [item for item in table.indexes if item.unique]
    return {frozenset(c.name for c in item.columns): str(item.name) for item in [*keys, *indexes] if item.name}
