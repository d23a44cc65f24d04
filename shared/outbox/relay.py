"""The relay: takes what the outbox holds, has it published, and moves it to the event log."""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from shared.contracts.envelope import Envelope
from shared.contracts.event import load
from shared.db.database import Database
from shared.db.direct import run
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import get_logger
from shared.outbox.tables import KitTables

Publish = Callable[[Sequence[Envelope]], None]
# One relay at a time publishes for a service: order per aggregate is then kept without further thought, and a second
# relay is a spare. It misses nothing: whoever is at work looks once more after it has given the right back.
_RELAY_LOCK = 7_351_001


class Waiting(NamedTuple):
    """A row of the outbox, as the driver gives it."""

    position: int
    event_id: str
    name: str
    aggregate: str
    version: int
    body: Any
    time: datetime
    correlation_id: str
    traceparent: str | None


_COLUMNS = ", ".join(Waiting._fields)
_LONGEST_PAUSE, _BREATH_SECONDS = 5.0, 0.003
# A lost mark means a second sending, which the inbox drops; waiting for the disk buys nothing. The statement looks at
# the table before it has the turn; locking the rows leaves out those that another relay has moved in between.
_TAKE = text(
    "WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(:key) AS is_mine"  # noqa: S608 - fixed texts
    " FROM set_config('synchronous_commit', 'off', true))"
    f" SELECT {_COLUMNS} FROM outbox WHERE (SELECT is_mine FROM turn) ORDER BY position LIMIT :limit"
    " FOR UPDATE OF outbox"
)
_MOVE = text(
    f"WITH gone AS (DELETE FROM outbox WHERE position = ANY(CAST(:positions AS bigint[])) RETURNING {_COLUMNS})"  # noqa: S608
    f" INSERT INTO event_log ({_COLUMNS}) SELECT {_COLUMNS} FROM gone"
)
_MOVE_SQLITE = (
    text(
        f"INSERT INTO event_log ({_COLUMNS}) SELECT {_COLUMNS} FROM outbox"  # noqa: S608
        " WHERE position IN (SELECT value FROM json_each(:positions))"
    ),
    text("DELETE FROM outbox WHERE position IN (SELECT value FROM json_each(:positions))"),
)
_log = get_logger(__name__)


class PublishFailed(Exception):  # noqa: N818 - says what happened
    """The bus did not take everything; nothing of the batch counts as sent."""


class Relay:
    """Publishes the outbox of one service; several may run, one is at work. `tick` is called while there is nothing."""

    def __init__(
        self, database: Database, kit: KitTables, publish: Publish, tick: Callable[[], None] = lambda: None
    ) -> None:
        self._database, self._kit, self._publish, self._tick = database, kit, publish, tick

    def drain(self, limit: int = 500) -> int:
        """Publish until the outbox is empty, `limit` events at a time; returns how many events were sent."""
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
                if not self.drain():
                    self._tick()
                pause = sweep
            except (PublishFailed, DatabaseUnavailable) as error:
                _log.warning("events wait for the bus", error=str(error), seconds=pause)
                stop.wait(pause)  # not on `wake`: commits go on and would have it try at once
                wake.set()
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _send_batch(self, limit: int) -> int:
        if self._database.is_sqlite:
            return self._send_from_sqlite(limit)
        with self._database.transaction() as session:
            rows = [Waiting(*row) for row in run(session.connection(), _TAKE, {"key": _RELAY_LOCK, "limit": limit})]
            if not rows:
                return 0
            self._hand_over(rows)
            session.execute(_MOVE, {"positions": [row.position for row in rows]})
            crash_point("relay.before_mark_commit")
        crash_point("relay.after_mark")
        return len(rows)

    def _send_from_sqlite(self, limit: int) -> int:
        """Publish outside the write lock, so that nobody waits for the bus."""
        with _sole_relay(self._database) as is_sole:
            if not is_sole:
                return 0
            with self._database.reading() as session:
                rows = self._oldest(session, limit)
            if not rows:
                return 0
            self._hand_over(rows)
            if len(rows) < limit:
                time.sleep(_BREATH_SECONDS)  # who listens in this same process goes first; the mark is in no hurry
            with self._database.transaction() as session:
                for statement in _MOVE_SQLITE:
                    session.execute(statement, {"positions": orjson.dumps([r.position for r in rows]).decode()})
                crash_point("relay.before_mark_commit")
        crash_point("relay.after_mark")
        return len(rows)

    def _oldest(self, session: Session, limit: int) -> Sequence[Row[Any]]:
        """Rows that are there, never those after some position: a lower one may be committed later."""
        outbox = self._kit.outbox.outbox
        return session.execute(select(outbox).order_by(outbox.c.position).limit(limit)).all()

    def _hand_over(self, rows: Sequence[Row[Any] | Waiting]) -> None:
        crash_point("relay.before_publish")
        self._publish([envelope_of(row) for row in rows])
        crash_point("relay.after_publish_before_mark")


def envelope_of(row: Row[Any] | Waiting) -> Envelope:
    """The envelope of a row of the outbox or the event log."""
    return Envelope(
        id=row.event_id,
        event=load(row.name, row.body),
        version=row.version,
        time=row.time,
        correlation_id=row.correlation_id,
        traceparent=row.traceparent,
    )


@contextmanager
def _sole_relay(database: Database) -> Iterator[bool]:
    """Whether this relay may work now; the kernel frees the right when a process dies."""
    name = database.engine.url.database
    if name in {None, "", ":memory:"}:
        yield True
        return
    handle = os.open(f"{name}.relay", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        yield _locked_now(handle)
    finally:
        os.close(handle)


def _locked_now(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
