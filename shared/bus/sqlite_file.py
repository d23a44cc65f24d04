"""The file of the embedded bus: exchanges, bindings and messages as rows, leases held by the kernel."""

import fcntl
import json
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.observability.faults import crash_point

_SCHEMA = """
CREATE TABLE IF NOT EXISTS exchange (name TEXT PRIMARY KEY, type TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY, arguments TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS binding (
    exchange TEXT NOT NULL, routing_key TEXT NOT NULL, queue TEXT NOT NULL, PRIMARY KEY (exchange, routing_key, queue));
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body TEXT NOT NULL,
    visible_at REAL NOT NULL, lease TEXT);
CREATE INDEX IF NOT EXISTS message_free ON message (queue, id) WHERE lease IS NULL;
CREATE INDEX IF NOT EXISTS message_leased ON message (lease) WHERE lease IS NOT NULL;
"""
_BUSY_SECONDS = 30.0


@lru_cache(maxsize=4096)
def topic_matches(pattern: str, key: str) -> bool:
    """AMQP's rule: `*` stands for one word, `#` for none or more."""
    return _match(tuple(pattern.split(".")), tuple(key.split(".")))


def _match(pattern: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_match(pattern[1:], words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and pattern[0] in {"*", words[0]} and _match(pattern[1:], words[1:])


class BusFile:
    """One connection to the file. `lease` is the name under which messages are taken."""

    def __init__(self, path: str) -> None:
        self.path = path
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for line in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={int(_BUSY_SECONDS * 1000)}"):
            self._connection.execute(f"PRAGMA {line}")
        self._connection.executescript(_SCHEMA)
        self.lease = uuid.uuid4().hex
        self._lease_handle: int | None = None
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction; inner ones join the outer one, so that a batch is one commit."""
        if self._depth:
            yield self._connection
            return
        with self._turn():
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
                crash_point("bus.before_commit")
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def data_version(self) -> int:
        """Changes whenever another connection has committed."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def declare_exchange(self, name: str, kind: str) -> None:
        """Remember an exchange."""
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO exchange VALUES (?, ?)", (name, kind))

    def declare_queue(self, name: str, arguments: dict[str, Any]) -> None:
        """Remember a queue and its arguments."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO queue VALUES (?, ?)", (name, json.dumps(arguments)))

    def has_queue(self, name: str) -> bool:
        """Whether the queue was declared by anybody."""
        return self._connection.execute("SELECT 1 FROM queue WHERE name = ?", (name,)).fetchone() is not None

    def bind(self, exchange: str, routing_key: str, queue: str) -> None:
        """Bind a queue to an exchange."""
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO binding VALUES (?, ?, ?)", (exchange, routing_key, queue))

    def bindings(self, exchange: str) -> list[tuple[str, str]]:
        """Routing keys and queues bound to an exchange."""
        rows = self._connection.execute("SELECT routing_key, queue FROM binding WHERE exchange = ?", (exchange,))
        return [(row[0], row[1]) for row in rows]

    def queues_for(self, exchange: str, key: str) -> list[str]:
        """The queues a message with this routing key goes to."""
        return sorted({queue for pattern, queue in self.bindings(exchange) if topic_matches(pattern, key)})

    def put(self, queue: str, body: str) -> None:
        """Add a message; in a queue with a time to live it is put, invisible until then, where it would go after."""
        row = self._connection.execute("SELECT arguments FROM queue WHERE name = ?", (queue,)).fetchone()
        arguments = json.loads(row[0]) if row else {}
        visible_at = time.time() + arguments.get("x-message-ttl", 0) / 1000
        target = arguments.get("x-dead-letter-routing-key", queue) if "x-message-ttl" in arguments else queue
        with self.transaction() as db:
            db.execute("INSERT INTO message (queue, body, visible_at) VALUES (?, ?, ?)", (target, body, visible_at))

    def take(self, queue: str, limit: int) -> list[tuple[int, str]]:
        """Lease up to `limit` messages of a queue, oldest first."""
        now = time.time()
        free = "queue = ? AND lease IS NULL AND visible_at <= ?"
        if not self._connection.execute(f"SELECT 1 FROM message WHERE {free} LIMIT 1", (queue, now)).fetchone():  # noqa: S608
            return []
        self._hold_lease()
        oldest = f"SELECT id FROM message WHERE {free} ORDER BY id LIMIT ?"  # noqa: S608 - fixed text
        with self.transaction() as db:
            rows = db.execute(
                f"UPDATE message SET lease = ? WHERE id IN ({oldest}) RETURNING id, body",  # noqa: S608 - fixed text
                (self.lease, queue, now, limit),
            ).fetchall()
        return sorted((int(row[0]), str(row[1])) for row in rows)

    def acknowledge(self, ids: Sequence[int]) -> None:
        """Delete messages that were handled."""
        with self.transaction() as db:
            db.executemany("DELETE FROM message WHERE id = ?", [(number,) for number in ids])

    def release(self, ids: Sequence[int]) -> None:
        """Give leased messages back."""
        with self.transaction() as db:
            db.executemany("UPDATE message SET lease = NULL WHERE id = ?", [(number,) for number in ids])

    def size(self, queue: str) -> int:
        """How many messages lie in a queue, leased ones included."""
        return int(self._connection.execute("SELECT count(*) FROM message WHERE queue = ?", (queue,)).fetchone()[0])

    def purge(self, queue: str) -> int:
        """Delete all free messages of a queue and return how many."""
        with self.transaction() as db:
            return db.execute("DELETE FROM message WHERE queue = ? AND lease IS NULL", (queue,)).rowcount

    def reap(self) -> None:
        """Free what dead processes had leased: the kernel has dropped their lock."""
        held = self._connection.execute("SELECT DISTINCT lease FROM message WHERE lease IS NOT NULL")
        for (lease,) in held.fetchall():
            if lease != self.lease and self._is_dead(lease):
                with self.transaction() as db:
                    db.execute("UPDATE message SET lease = NULL WHERE lease = ?", (lease,))

    def close(self) -> None:
        """Free what is still leased and close."""
        with self.transaction() as db:
            db.execute("UPDATE message SET lease = NULL WHERE lease = ?", (self.lease,))
        self._connection.close()
        if self._lease_handle is not None:
            self._lease_file(self.lease).unlink(missing_ok=True)
            os.close(self._lease_handle)
            self._lease_handle = None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        handle = os.open(f"{self.path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _lease_file(self, lease: str) -> Path:
        folder = Path(f"{self.path}.leases")
        folder.mkdir(exist_ok=True)
        return folder / lease

    def _hold_lease(self) -> None:
        if self._lease_handle is None:
            self._lease_handle = os.open(self._lease_file(self.lease), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lease_handle, fcntl.LOCK_EX)

    def _is_dead(self, lease: str) -> bool:
        path = self._lease_file(lease)
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            path.unlink(missing_ok=True)
            return True
        finally:
            os.close(handle)
