"""One transaction of the inbox: ids and positions are read and written once for the whole batch."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope, from_cloudevent, to_cloudevent
from shared.contracts.event import Event
from shared.observability.faults import crash_point
from shared.observability.log import bind_correlation, kept_correlation
from shared.observability.trace_context import continued_trace
from shared.outbox.inbox_sql import Key, PostgresqlInbox, SqliteInbox
from shared.outbox.pending import Pending
from shared.outbox.unit_of_work import UnitOfWork

Handler = Callable[[Any, UnitOfWork[Any]], None]


class Result(StrEnum):
    """What became of one delivery."""

    DONE = "done"
    IGNORED = "ignored"  # nobody here listens to it; only the position moved
    DUPLICATE = "duplicate"
    PARKED = "parked"
    FAILED = "failed"


@dataclass(frozen=True)
class Behind:
    """An event that was parked behind a delivery and failed when its turn came; the bus takes it over."""

    envelope: Envelope
    error: str


@dataclass(frozen=True)
class Outcome:
    """The result of one delivery and, when it failed, the kind of error."""

    result: Result
    error: str = ""
    behind: Behind | None = None


class BehindFailed(Exception):  # noqa: N818 - says what happened
    """Not the delivery failed, but what was parked behind it."""

    def __init__(self, envelope: Envelope, error: str) -> None:
        super().__init__(error)
        self.envelope, self.error = envelope, error


def key_of(envelope: Envelope) -> Key:
    """What order is kept for: the producer and the aggregate."""
    return envelope.source, envelope.event.aggregate_id


class Batch:
    """The deliveries of one transaction. `stop_before`: a parked event that must stay parked for now."""

    def __init__(
        self,
        uow: UnitOfWork[Any],
        handlers: Mapping[type[Event], Handler],
        envelopes: Sequence[Envelope],
        stop_before: Envelope | None = None,
    ) -> None:
        self._uow, self._handlers, self._envelopes = uow, handlers, envelopes
        self._tables, self._now = uow.kit.outbox, uow.clock.now()
        self._sql = SqliteInbox() if uow.database.is_sqlite else PostgresqlInbox()
        self._stop = None if stop_before is None else (key_of(stop_before), stop_before.version)
        self._moved: set[Key] = set()
        self._unparked: list[str] = []
        # Versions that came too early; None stands for one that lies in the table since an earlier batch.
        self._early: dict[Key, dict[int, Envelope | None]] = defaultdict(dict)

    def apply(self, session: Session) -> list[Outcome]:
        """Apply everything in the open transaction."""
        self._session, self._pending = session, Pending()
        self._joined = self._uow.joined(session, self._pending)
        keys = sorted({key_of(envelope) for envelope in self._envelopes})
        ids = {envelope.id for envelope in self._envelopes}
        self._positions, self._new = self._sql.open(session, keys, ids, self._now)
        # Only now, with the positions locked: a consumer that was at work may just have parked something.
        for source, aggregate, version in self._sql.parked(session, keys):
            self._early[source, aggregate][version] = None
        crash_point("inbox.after_insert")
        with kept_correlation():
            outcomes = [self._deliver(envelope) for envelope in self._envelopes]
        self._finish()
        return outcomes

    @property
    def has_news(self) -> bool:
        """Whether the relay or the job runner has something to do after the commit."""
        return self._pending.has_news

    def _deliver(self, envelope: Envelope) -> Outcome:
        key = key_of(envelope)
        position = self._positions[key]
        if envelope.id not in self._new or envelope.version <= position:
            # What waits behind a delivery that was already applied may still be waiting for the bus to take it over.
            self._follow(key)
            return Outcome(Result.DUPLICATE)
        if envelope.version > position + 1:
            self._early[key].setdefault(envelope.version, envelope)
            return Outcome(Result.PARKED)
        result = self._handle(key, envelope)
        self._follow(key)
        return Outcome(result)

    def _handle(self, key: Key, envelope: Envelope) -> Result:
        self._positions[key] = envelope.version
        self._moved.add(key)
        self._new.discard(envelope.id)
        if key in self._early and envelope.version in self._early[key]:
            self._leave_parking(key, envelope.version)
        handler = self._handlers.get(type(envelope.event))
        if handler is None:
            return Result.IGNORED
        bind_correlation(envelope.correlation_id)
        if envelope.traceparent is None:
            handler(envelope.event, self._joined)
        else:
            with continued_trace(envelope.traceparent, envelope.name):
                handler(envelope.event, self._joined)
        if len(self._envelopes) == 1:
            self._session.flush()  # so that what the database refuses is blamed on the event that asked for it
        return Result.DONE

    def _follow(self, key: Key) -> None:
        """Apply what was parked behind, as far as there is no gap."""
        early = self._early.get(key)
        while early and (following := self._positions[key] + 1) in early and self._stop != (key, following):
            envelope = early[following] or self._read_parked(key, following)
            try:
                self._handle(key, envelope)
            except Exception as error:
                raise BehindFailed(envelope, type(error).__name__) from error

    def _leave_parking(self, key: Key, version: int) -> None:
        if self._early[key].pop(version) is None:
            parked = self._tables.inbox_parked
            mine = (parked.c.source == key[0]) & (parked.c.aggregate == key[1]) & (parked.c.version == version)
            self._session.execute(delete(parked).where(mine))

    def _read_parked(self, key: Key, version: int) -> Envelope:
        parked = self._tables.inbox_parked
        mine = (parked.c.source == key[0]) & (parked.c.aggregate == key[1]) & (parked.c.version == version)
        envelope = from_cloudevent(self._session.execute(select(parked.c.envelope).where(mine)).scalar_one())
        self._unparked.append(envelope.id)
        return envelope

    def _finish(self) -> None:
        waiting = [e for versions in self._early.values() for e in versions.values() if e is not None]
        if waiting:
            self._park(waiting)
        if self._unparked:
            self._sql.add_ids(self._session, self._unparked, self._now)
        if self._moved:
            self._sql.move(self._session, [(*key, self._positions[key]) for key in sorted(self._moved)])
        self._session.flush()
        self._pending.write(self._session, self._uow.kit, self._now)

    def _park(self, waiting: Sequence[Envelope]) -> None:
        """An id counts as known only when its event was applied: parked ones may have to be delivered again."""
        rows = [
            dict(zip(("source", "aggregate"), key_of(e), strict=True))
            | {"version": e.version, "envelope": to_cloudevent(e), "parked_at": self._now}
            for e in waiting
        ]
        self._session.execute(insert(self._tables.inbox_parked), rows)
        self._sql.drop_ids(self._session, [e.id for e in waiting])
