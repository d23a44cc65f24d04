"""One transaction of one service: its state, its events, its jobs and its log entries, all or nothing."""

import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.audit.log import Access, append, with_correlation
from shared.contracts.event import Event, dump
from shared.db.database import Database
from shared.observability.log import correlation_id
from shared.observability.trace_context import current_traceparent
from shared.outbox.tables import KitTables
from shared.scheduling.clock import Clock
from shared.scheduling.jobs import enqueue


class Store:
    """Base of every service's store: what a use case may do besides changing the service's own rows."""

    def __init__(self, session: Session, kit: KitTables, now: datetime) -> None:
        self.session = session
        self.now = now
        self.has_news = False  # something for the relay or the job runner
        self._kit = kit
        self._entries: list[Access] = []

    def emit(self, event: Event) -> None:
        """Tell the others, when this transaction is committed. The aggregate's next version is taken here."""
        outbox = self._kit.outbox
        versions, dialect = outbox.aggregate_version, self._dialect
        upsert = dialect.insert(versions).values(aggregate=event.aggregate_id, version=1)
        upsert = upsert.on_conflict_do_update(
            index_elements=["aggregate"], set_={"version": versions.c.version + 1}
        ).returning(versions.c.version)
        version = self.session.execute(upsert).scalar_one()
        row = {"name": event.NAME, "aggregate": event.aggregate_id, "version": version, "body": dump(event)}
        envelope = {"event_id": str(uuid.uuid4()), "time": self.now, "correlation_id": correlation_id()}
        self.session.execute(insert(outbox.outbox), [{**row, **envelope, "traceparent": current_traceparent()}])
        self.has_news = True

    def enqueue(self, job: str, *, key: str, due_at: datetime | None = None, **arguments: Any) -> None:
        """Have something done outside, once, when this transaction is committed."""
        enqueue(
            self.session,
            self._kit.scheduling,
            job,
            key=key,
            due_at=due_at or self.now,
            arguments=arguments,
            correlation_id=correlation_id(),
        )
        self.has_news = True

    def log_access(self, access: Access) -> None:
        """Note who saw or changed what; written as the last thing of the transaction."""
        self._entries.append(access)

    def write_log(self) -> None:
        """Append the noted entries to the chain; the unit of work calls it just before the commit."""
        if self._entries:
            append(self.session, self._kit.audit, self.now, with_correlation(self._entries, correlation_id()))
            self._entries.clear()

    @property
    def _dialect(self) -> Any:
        return sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql


S = TypeVar("S", bound=Store)


class UnitOfWork(Generic[S]):
    """Opens transactions: `with uow() as store:`; what is committed wakes relay and jobs of this process."""

    def __init__(
        self,
        database: Database,
        store: type[S],
        kit: KitTables,
        *,
        clock: Clock,
        wake: Callable[[], None] = lambda: None,
        joined_session: Session | None = None,
    ) -> None:
        self.database, self.kit, self.clock = database, kit, clock
        self._store, self._wake, self._joined = store, wake, joined_session

    @contextmanager
    def __call__(self) -> Iterator[S]:
        """One transaction, or a part of the one that this unit has joined."""
        if self._joined is not None:
            yield from self._part_of(self._joined)
            return
        with self.database.transaction() as session:
            store = yield from self._part_of(session)
        if store.has_news:
            self._wake()

    def joined(self, session: Session) -> Self:
        """The same unit inside a transaction that somebody else commits."""
        return type(self)(
            self.database, self._store, self.kit, clock=self.clock, wake=self._wake, joined_session=session
        )

    def wake(self) -> None:
        """Wake relay and jobs of this process."""
        self._wake()

    def _part_of(self, session: Session) -> Generator[S, None, S]:
        store = self._store(session, self.kit, self.clock.now())
        yield store
        session.flush()
        store.write_log()
        return store
