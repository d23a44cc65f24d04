"""The file of the embedded bus: exchanges, bindings and messages as rows of one SQLite database."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from shared.bus.sqlite_bells import ring_all
from shared.observability.faults import crash_point

_SCHEMA = """
CREATE TABLE IF NOT EXISTS exchange (name TEXT PRIMARY KEY, type TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY, arguments TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS binding (
    exchange TEXT NOT NULL, routing_key TEXT NOT NULL, queue TEXT NOT NULL, PRIMARY KEY (exchange, routing_key, queue));
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body TEXT NOT NULL, visible_at REAL NOT NULL,
    lease TEXT);
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


def wall_seconds() -> float:
    """Seconds that all processes of the machine share; for pauses only, never for what an event tells."""
    return time.time()


class BusFile:
    """One connection to the file, used by one thread at a time."""

    def __init__(self, path: str) -> None:
        self.path, self.bells = path, Path(f"{path}.bells")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._depth = 0
        self._rows: list[tuple[str, str, float]] = []
        self._routes: dict[tuple[str, str], list[tuple[str, float]]] = {}
        with self._turn():
            self.db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=FULL")
            self.db.executescript(_SCHEMA)
        self._synchronous = "FULL"

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A write transaction; inner ones join the outer one, so that a batch is one commit.

        What a publisher was told is safe must be on the disk (`durable`); a lost acknowledgement is only a duplicate.
        """
        if self._depth:
            yield self.db
            return
        with self._turn():
            self._set_synchronous("FULL" if durable else "NORMAL")
            self.db.execute("BEGIN IMMEDIATE")
            self._depth = 1
            self._routes.clear()
            try:
                yield self.db
                has_news = self._write_rows()
                crash_point("bus.before_commit")
                self.db.execute("COMMIT")
            except BaseException:
                self._rows.clear()
                self.db.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0
        if has_news:
            ring_all(self.bells)

    def data_version(self) -> int:
        """Changes whenever another connection has committed."""
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    def declare_exchange(self, name: str, kind: str) -> None:
        """Remember an exchange."""
        known = self.db.execute("SELECT 1 FROM exchange WHERE (name, type) = (?, ?)", (name, kind)).fetchone()
        if not known:
            with self.transaction() as db:
                db.execute("INSERT OR REPLACE INTO exchange VALUES (?, ?)", (name, kind))

    def declare_queue(self, name: str, arguments: dict[str, Any]) -> None:
        """Remember a queue and its arguments."""
        if self.arguments(name) != arguments:
            with self.transaction() as db:
                db.execute("INSERT OR REPLACE INTO queue VALUES (?, ?)", (name, orjson.dumps(arguments).decode()))

    def drop_queue(self, name: str) -> None:
        """Remove a queue with its bindings and messages."""
        with self.transaction() as db:
            for statement in ("queue WHERE name = ?", "binding WHERE queue = ?", "message WHERE queue = ?"):
                db.execute(f"DELETE FROM {statement}", (name,))  # noqa: S608 - fixed texts

    def arguments(self, queue: str) -> dict[str, Any] | None:
        """The arguments of a queue, or None when nobody has declared it."""
        row = self.db.execute("SELECT arguments FROM queue WHERE name = ?", (queue,)).fetchone()
        return None if row is None else dict(orjson.loads(row[0]))

    def bind(self, exchange: str, routing_key: str, queue: str) -> None:
        """Bind a queue to an exchange."""
        if (routing_key, queue) not in self.bindings(exchange):
            with self.transaction() as db:
                db.execute("INSERT OR IGNORE INTO binding VALUES (?, ?, ?)", (exchange, routing_key, queue))

    def bindings(self, exchange: str) -> list[tuple[str, str]]:
        """Routing keys and queues bound to an exchange."""
        rows = self.db.execute("SELECT routing_key, queue FROM binding WHERE exchange = ?", (exchange,))
        return [(row[0], row[1]) for row in rows]

    def put(self, exchange: str, routing_key: str, body: str) -> int:
        """Add a message wherever it is routed, in the open transaction or in one of its own; returns to how many."""
        with nullcontext() if self._depth else self.transaction():
            way = (exchange, routing_key)
            if way not in self._routes:
                self._routes[way] = [self._target(queue) for queue in self._matching(exchange, routing_key)]
            now = wall_seconds()
            self._rows += [(queue, body, now + pause if pause else 0.0) for queue, pause in self._routes[way]]
            return len(self._routes[way])

    def size(self, queue: str) -> int:
        """How many messages lie in a queue, leased ones included."""
        return int(self.db.execute("SELECT count(*) FROM message WHERE queue = ?", (queue,)).fetchone()[0])

    def purge(self, queue: str) -> int:
        """Delete all free messages of a queue and return how many."""
        with self.transaction() as db:
            return db.execute("DELETE FROM message WHERE queue = ? AND lease IS NULL", (queue,)).rowcount

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def _matching(self, exchange: str, routing_key: str) -> list[str]:
        if not exchange:
            return [routing_key] if self.arguments(routing_key) is not None else []
        return sorted({queue for pattern, queue in self.bindings(exchange) if topic_matches(pattern, routing_key)})

    def _target(self, queue: str) -> tuple[str, float]:
        """Where a message for this queue is put, and after which pause it is seen there.

        A queue with a time to live only delays: its messages wait, unseen, in the queue they would be passed on to.
        """
        arguments = self.arguments(queue) or {}
        if "x-message-ttl" not in arguments:
            return queue, 0.0
        return str(arguments["x-dead-letter-routing-key"]), arguments["x-message-ttl"] / 1000

    def _write_rows(self) -> bool:
        rows, self._rows = self._rows, []
        self.db.executemany("INSERT INTO message (queue, body, visible_at) VALUES (?, ?, ?)", rows)
        return bool(rows)

    def _set_synchronous(self, level: str) -> None:
        if level != self._synchronous:
            self.db.execute(f"PRAGMA synchronous={level}")
            self._synchronous = level

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The right to write, in the order of asking; SQLite's own waiting is unfair and slow."""
        handle = os.open(f"{self.path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
