"""The relay: takes what the outbox holds, has it published, and moves it to the event log."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope
from shared.contracts.event import load
from shared.db.database import Database
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import get_logger
from shared.outbox.tables import KitTables

Publish = Callable[[Sequence[Envelope]], None]
# One relay at a time publishes for a service: order per aggregate is then kept without further thought, and a second
# relay is a spare that takes over when the first one's transaction ends, also when its process died.
_RELAY_LOCK = 7_351_001
_log = get_logger(__name__)


class PublishFailed(Exception):  # noqa: N818 - says what happened
    """The bus did not take everything; nothing of the batch counts as sent."""


class Relay:
    """Publishes the outbox of one service; several may run, one is at work."""

    def __init__(self, database: Database, kit: KitTables, publish: Publish) -> None:
        self._database, self._kit, self._publish = database, kit, publish

    def drain(self, limit: int = 500) -> int:
        """Publish until the outbox is empty; returns how many events were sent."""
        total = 0
        while sent := self._send_batch(limit):
            total += sent
        return total

    def run_forever(self, stop: threading.Event, wake: threading.Event, sweep: float = 2.0) -> None:
        """Publish until told to stop; woken by this process's commits, else looking every `sweep` seconds."""
        pause = sweep
        while not stop.is_set():
            wake.wait(pause)
            wake.clear()
            try:
                self.drain()
                pause = sweep
            except (PublishFailed, DatabaseUnavailable) as error:
                pause = min(pause * 2, 20.0)
                _log.warning("events wait for the bus", error=type(error).__name__)

    def _send_batch(self, limit: int) -> int:
        outbox = self._kit.outbox.outbox
        with self._database.reading() as session:
            if session.execute(select(outbox.c.position).limit(1)).first() is None:
                return 0
        if self._database.is_sqlite:
            return self._send_from_sqlite(limit)
        with self._database.transaction() as session:
            session.execute(text("SET LOCAL synchronous_commit = off"))
            if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _RELAY_LOCK}):
                return 0
            rows = self._oldest(session, limit)
            self._hand_over(rows)
            self._mark(session, rows)
            return len(rows)

    def _send_from_sqlite(self, limit: int) -> int:
        """Publish outside the write lock, so that nobody waits for the bus; a second relay only repeats."""
        with self._database.reading() as session:
            rows = self._oldest(session, limit)
        self._hand_over(rows)
        with self._database.transaction() as session:
            self._mark(session, rows)
        return len(rows)

    def _oldest(self, session: Session, limit: int) -> Sequence[Any]:
        outbox = self._kit.outbox.outbox
        return session.execute(select(outbox).order_by(outbox.c.position).limit(limit)).mappings().all()

    def _hand_over(self, rows: Sequence[Any]) -> None:
        if not rows:
            return
        crash_point("relay.before_publish")
        self._publish([envelope_of(row) for row in rows])
        crash_point("relay.after_publish_before_mark")

    def _mark(self, session: Session, rows: Sequence[Any]) -> None:
        if not rows:
            return
        outbox, log = self._kit.outbox.outbox, self._kit.outbox.event_log
        positions = [row["position"] for row in rows]
        gone = session.execute(
            delete(outbox).where(outbox.c.position.in_(positions)).returning(outbox.c.position)
        ).scalars()
        left = set(gone)
        moved = [{str(name): value for name, value in row.items()} for row in rows if row["position"] in left]
        if moved:
            session.execute(insert(log), moved)
        crash_point("relay.before_mark_commit")


def envelope_of(row: Any) -> Envelope:
    """The envelope of a row of the outbox or the event log."""
    return Envelope(
        id=row["event_id"],
        event=load(row["name"], row["body"]),
        version=row["version"],
        time=row["time"],
        correlation_id=row["correlation_id"],
        traceparent=row["traceparent"],
    )
