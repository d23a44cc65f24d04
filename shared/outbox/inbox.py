"""The inbox: every event has its effect once and in the order of its aggregate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope, from_cloudevent, to_cloudevent
from shared.contracts.event import Event
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import bound_correlation, get_logger
from shared.outbox.unit_of_work import UnitOfWork

Handler = Callable[[Any, UnitOfWork[Any]], None]
_log = get_logger(__name__)


class Result(StrEnum):
    """What became of one delivery."""

    DONE = "done"
    IGNORED = "ignored"  # nobody here listens to it; only the position moved
    DUPLICATE = "duplicate"
    PARKED = "parked"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """The result of one delivery and, when it failed, the kind of error."""

    result: Result
    error: str = ""


class Inbox:
    """Takes deliveries for one service."""

    def __init__(self, uow: UnitOfWork[Any], handlers: Mapping[type[Event], Handler]) -> None:
        self._uow, self._handlers = uow, handlers
        self._tables = uow.kit.outbox

    def take(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """Apply a batch in one transaction; when one of it fails, each is tried alone."""
        try:
            return self._apply(envelopes)
        except DatabaseUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one of the batch is bad; the next lines find out which
            return [self._alone(envelope) for envelope in envelopes]

    def _alone(self, envelope: Envelope) -> Outcome:
        try:
            return self._apply([envelope])[0]
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is told to the bus
            name, kind = envelope.name, type(error).__name__
            _log.warning("event failed", event_name=name, event_id=envelope.id, error=kind)
            return Outcome(Result.FAILED, kind)

    def _apply(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        with self._uow.database.transaction() as session:
            batch = _Batch(self, session, self._uow.joined(session), envelopes)
            outcomes = [batch.apply(envelope) for envelope in envelopes]
            batch.finish()
            crash_point("inbox.before_commit")
        self._uow.wake()
        return outcomes


class _Batch:
    """One transaction of the inbox: positions and known ids are read once and written once."""

    def __init__(self, inbox: Inbox, session: Session, uow: UnitOfWork[Any], envelopes: Sequence[Envelope]) -> None:
        self._handlers, self._tables = inbox._handlers, inbox._tables  # noqa: SLF001 - one mechanism in two classes
        self._session, self._uow = session, uow
        self._now = uow.clock.now()
        self._dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        self._new = self._insert_ids([e.id for e in envelopes])
        self._positions = self._read_positions({(e.source, e.event.aggregate_id) for e in envelopes})
        self._moved: set[tuple[str, str]] = set()
        crash_point("inbox.after_insert")

    def apply(self, envelope: Envelope) -> Outcome:
        """Apply one delivery, and what was parked behind it."""
        if envelope.id not in self._new:
            return Outcome(Result.DUPLICATE)
        self._new.discard(envelope.id)
        key = (envelope.source, envelope.event.aggregate_id)
        position = self._positions.get(key, 0)
        if envelope.version <= position:
            return Outcome(Result.DUPLICATE)
        if envelope.version > position + 1:
            self._park(key, envelope)
            return Outcome(Result.PARKED)
        outcome = self._handle(key, envelope)
        self._unpark(key)
        return outcome

    def finish(self) -> None:
        """Write the positions that moved."""
        if not self._moved:
            return
        table = self._tables.inbox_position
        rows = [{"source": s, "aggregate": a, "version": self._positions[s, a]} for s, a in sorted(self._moved)]
        upsert = self._dialect.insert(table)
        upsert = upsert.on_conflict_do_update(
            index_elements=["source", "aggregate"], set_={"version": upsert.excluded.version}
        )
        self._session.execute(upsert, rows)

    def _handle(self, key: tuple[str, str], envelope: Envelope) -> Outcome:
        self._positions[key] = envelope.version
        self._moved.add(key)
        handler = self._handlers.get(type(envelope.event))
        if handler is None:
            return Outcome(Result.IGNORED)
        with bound_correlation(envelope.correlation_id):
            handler(envelope.event, self._uow)
        return Outcome(Result.DONE)

    def _park(self, key: tuple[str, str], envelope: Envelope) -> None:
        row = {"source": key[0], "aggregate": key[1], "version": envelope.version, "parked_at": self._now}
        insert = self._dialect.insert(self._tables.inbox_parked)
        self._session.execute(insert.values(**row, envelope=to_cloudevent(envelope)).on_conflict_do_nothing())

    def _unpark(self, key: tuple[str, str]) -> None:
        parked = self._tables.inbox_parked
        mine = (parked.c.source == key[0]) & (parked.c.aggregate == key[1])
        while True:
            following = parked.c.version == self._positions[key] + 1
            body = self._session.scalar(select(parked.c.envelope).where(mine & following))
            if body is None:
                return
            self._session.execute(delete(parked).where(mine & following))
            self._handle(key, from_cloudevent(body))

    def _insert_ids(self, ids: Sequence[str]) -> set[str]:
        table = self._tables.inbox
        insert = self._dialect.insert(table).on_conflict_do_nothing().returning(table.c.event_id)
        rows = [{"event_id": name, "handled_at": self._now} for name in sorted(set(ids))]
        return set(self._session.execute(insert.values(rows)).scalars())

    def _read_positions(self, keys: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
        table = self._tables.inbox_position
        names = sorted({aggregate for _, aggregate in keys})
        query = select(table.c.source, table.c.aggregate, table.c.version).where(table.c.aggregate.in_(names))
        rows = self._session.execute(query.with_for_update())
        return {(row.source, row.aggregate): row.version for row in rows}
