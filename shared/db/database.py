"""Transactions: one way in for SQLite and PostgreSQL."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Select, event
from sqlalchemy.orm import Session

from shared.db.direct import read_directly
from shared.db.engine import make_reading_engine
from shared.db.failures import told_plainly
from shared.db.write_queue import write_turn
from shared.observability.faults import crash_point

_AFTER_COMMIT = "after_commit"


class Database:
    """One database of one service. The metadata tell the names of constraints that SQLite does not tell."""

    def __init__(self, engine: Engine, metadata: MetaData | None = None) -> None:
        self.engine = engine
        self.metadata = metadata
        name = engine.url.database
        is_file = engine.dialect.name == "sqlite" and name not in {None, "", ":memory:"}
        self._file = Path(str(name)) if is_file else None
        # A database in memory is seen by its own connection only.
        self._reader = engine if self.is_sqlite and not is_file else make_reading_engine(engine)
        self._here = threading.local()
        self._users: list[Callable[[], None]] = []
        event.listen(engine, "engine_disposed", lambda _engine: self._let_go())

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded kind."""
        return self.engine.dialect.name == "sqlite"

    def on_dispose(self, end: Callable[[], None]) -> None:
        """Have whoever uses it in a thread of their own end before the connections are closed."""
        self._users.append(end)

    def _let_go(self) -> None:
        for end in self._users:
            end()
        if self._reader is not self.engine:
            self._reader.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed at the end or, on any error, rolled back; never one inside another."""
        session = Session(self.engine, expire_on_commit=False)
        with self._only_one_here(), self._turn(), told_plainly(self.metadata), session:
            with session.begin():
                yield session
                session.flush()
                crash_point("db.before_commit")
            crash_point("db.after_commit")
        for call in session.info.get(_AFTER_COMMIT, ()):
            call()

    @staticmethod
    def on_commit(session: Session, call: Callable[[], None]) -> None:
        """Have something called when this session's transaction has been committed, outside of it."""
        session.info.setdefault(_AFTER_COMMIT, []).append(call)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in which the database refuses changes. On PostgreSQL each statement sees its own moment."""
        with told_plainly(self.metadata), self._reading_session(self._reader) as session:
            yield session

    def read_one(self, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The one row that a statement finds, by the names of its columns, or None; the quickest way to read."""
        with told_plainly(self.metadata):
            if not self.is_sqlite:
                return read_directly(self._reader, statement, values)
            with self._reader.connect() as connection:
                row = connection.execute(statement, values).mappings().one_or_none()
        return None if row is None else dict(row)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for reading only in which all statements see the same moment; also for streamed results."""
        engine = self._reader
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with told_plainly(self.metadata), self._reading_session(engine) as session:
            yield session

    @staticmethod
    def _reading_session(engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, autoflush=False)

    def _turn(self) -> AbstractContextManager[None]:
        return write_turn(self._file) if self._file else nullcontext()

    @contextmanager
    def _only_one_here(self) -> Iterator[None]:
        if getattr(self._here, "is_open", False):
            raise RuntimeError("this thread has a transaction open already; join it")
        self._here.is_open = True
        try:
            yield
        finally:
            self._here.is_open = False
