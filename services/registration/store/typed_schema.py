"""Brings the tables made from definitions up to the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Table, delete, insert, inspect, select, text
from sqlalchemy.orm import Session

from services.registration.store.tables import Base
from services.registration.store.typed_tables import MADE, PREFIX

_LOCK = 7_351_004
_made = Base.metadata.tables[MADE]


def definitions_of_tables(session: Session) -> str | None:
    """Which definitions the tables were made and filled by; None while they are not."""
    return session.scalar(select(_made.c.definitions)) if inspect(session.connection()).has_table(MADE) else None


def note_definitions(session: Session, definitions: str) -> None:
    """Remember by which definitions the tables were made and filled."""
    session.execute(delete(_made))
    session.execute(insert(_made).values(definitions=definitions))


def fit_typed_tables(session: Session) -> bool:
    """Make, widen, replace or drop tables; True when there is one that has to be filled from the documents."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    there = _columns_there(connection)
    wanted = {name: table for name, table in Base.metadata.tables.items() if name.startswith(PREFIX)}
    for name in there.keys() - wanted.keys():
        Operations(MigrationContext.configure(connection)).drop_table(name)
    made = [table for name, table in wanted.items() if _fit(connection, table, there.get(name))]
    if made:
        session.execute(delete(_made))
    return bool(made)


def _fit(connection: Connection, table: Table, there: Mapping[str, str] | None) -> bool:
    """True when the table was made anew. A new version of a form only adds columns, which no older document fills."""
    wanted = {column.name: column.type.compile(connection.dialect) for column in table.columns}
    missing = [column for column in table.columns if column.name not in (there or ())]
    if there is not None and there.items() <= wanted.items() and all(column.nullable for column in missing):
        work = Operations(MigrationContext.configure(connection))
        for column in missing:
            work.add_column(table.name, Column(column.name, column.type))
        return False
    table.drop(connection, checkfirst=True)
    table.create(connection)
    return True


def _columns_there(connection: Connection) -> dict[str, dict[str, str]]:
    """The name and type of each column, by table."""
    asked: Any = inspect(connection)
    names: Iterable[str] = [name for name in asked.get_table_names() if name.startswith(PREFIX)]
    return {
        name: {column["name"]: column["type"].compile(connection.dialect) for column in asked.get_columns(name)}
        for name in names
    }
