"""One transaction of one service: its state, its events, its jobs and its log entries, all or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from shared.audit.log import Access, with_correlation
from shared.contracts.event import Event
from shared.db.database import Database
from shared.observability.log import correlation_id
from shared.observability.trace_context import current_traceparent
from shared.outbox.bell import Bell, make_bell
from shared.outbox.pending import Pending
from shared.outbox.tables import KitTables
from shared.scheduling.clock import Clock
from shared.scheduling.jobs import enqueue


class Store:
    """Base of every service's store: what a use case may do besides changing the service's own rows."""

    def __init__(self, session: Session, kit: KitTables, now: datetime) -> None:
        self.session = session
        self.now = now
        self.pending = Pending()
        self._kit = kit

    def emit(self, event: Event) -> None:
        """Tell the others, when this transaction is committed; the aggregate's next version is taken just before."""
        self.pending.tell(event, correlation_id(), current_traceparent())

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
        self.pending.has_news = True

    def log_access(self, *accesses: Access) -> None:
        """Note who saw or changed what; written as the last thing of the transaction."""
        self.pending.entries += with_correlation(accesses, correlation_id())


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
        bell: Bell | None = None,
    ) -> None:
        self.database, self.kit, self.clock = database, kit, clock
        self._store, self._wake = store, wake
        self.bell = bell or make_bell(database)

    @contextmanager
    def __call__(self) -> Iterator[S]:
        """One transaction."""
        with self.database.transaction() as session:
            store = self._store(session, self.kit, self.clock.now())
            yield store
            session.flush()
            store.pending.write(session, self.kit, store.now)
        if store.pending.has_news:
            self.wake()

    @contextmanager
    def reading(self) -> Iterator[S]:
        """A store in which the database refuses every change: it waits for no writer, and no writer for it."""
        with self.database.reading() as session:
            yield self._store(session, self.kit, self.clock.now())

    def joined(self, session: Session, pending: Pending) -> "UnitOfWork[S]":
        """The same unit inside a transaction that somebody else flushes, tells and commits."""
        return _Joined(self, session, pending)

    def wake(self) -> None:
        """Wake relay and jobs of this process and, if it has none, of the service's worker."""
        self._wake()
        self.bell.ring()


class _Joined(UnitOfWork[S]):
    """A unit that has joined another one's transaction; it may be entered any number of times."""

    def __init__(self, unit: UnitOfWork[S], session: Session, pending: Pending) -> None:
        super().__init__(unit.database, unit._store, unit.kit, clock=unit.clock, wake=unit._wake, bell=unit.bell)  # noqa: SLF001
        self._session, self._pending = session, pending

    @contextmanager
    def __call__(self) -> Iterator[S]:
        """A part of the joined transaction."""
        store = self._store(self._session, self.kit, self.clock.now())
        store.pending = self._pending
        yield store
