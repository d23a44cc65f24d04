"""Transactions: one way in for SQLite and PostgreSQL."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from shared.db.errors import ConstraintBroken, DatabaseUnavailable
from shared.db.write_queue import write_turn
from shared.observability.faults import crash_point

_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)$")


class Database:
    """One database of one service."""

    def __init__(self, engine: Engine, metadata: MetaData | None = None) -> None:
        self.engine = engine
        self.metadata = metadata
        name = engine.url.database
        is_file = engine.dialect.name == "sqlite" and name not in {None, "", ":memory:"}
        self._file = Path(str(name)) if is_file else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded kind."""
        return self.engine.dialect.name == "sqlite"

    def _turn(self) -> AbstractContextManager[None]:
        return write_turn(self._file) if self._file else nullcontext()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed at the end or, on any error, rolled back."""
        with self._turn(), self._told_plainly(), Session(self.engine, expire_on_commit=False) as session:
            with session.begin():
                yield session
                session.flush()
                crash_point("db.before_commit")
            crash_point("db.after_commit")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; nothing is ever committed."""
        engine = self.engine.execution_options(suite_reading=True)
        with self._told_plainly(), Session(engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise ConstraintBroken(self._constraint_name(error)) from error
        except OperationalError as error:
            raise DatabaseUnavailable(type(error.orig).__name__) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseUnavailable(type(error.orig).__name__) from error
            raise

    def _constraint_name(self, error: IntegrityError) -> str:
        diagnosis = getattr(error.orig, "diag", None)
        if diagnosis is not None and diagnosis.constraint_name:
            return str(diagnosis.constraint_name)
        message = str(error.orig)
        if found := _SQLITE_CHECK.search(message):
            return found.group(1)
        if found := _SQLITE_UNIQUE.search(message):
            return self._unique_name([column.strip() for column in found.group(1).split(",")])
        return message

    def _unique_name(self, columns: list[str]) -> str:
        """SQLite names the columns of a broken unique constraint; the metadata knows its name."""
        table_name = columns[0].split(".")[0]
        names = {column.split(".")[-1] for column in columns}
        table = self.metadata.tables.get(table_name) if self.metadata is not None else None
        if table is not None:
            for constraint in [*table.constraints, *table.indexes]:
                given = getattr(constraint, "name", None)
                if given and {c.name for c in getattr(constraint, "columns", [])} == names:
                    return str(given)
        return f"uq_{table_name}_{'_'.join(column.split('.')[-1] for column in columns)}"
