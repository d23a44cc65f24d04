"""The one SQLite file of the stand-ins: safe for several threads and processes, and alive after a restart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person_key (kind TEXT, value TEXT, person_id TEXT NOT NULL, PRIMARY KEY (kind, value));
CREATE TABLE IF NOT EXISTS population_event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, person_id TEXT NOT NULL, event_type TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, recipient TEXT NOT NULL, person_id TEXT,
  message_id TEXT NOT NULL, sent_at TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_recipient ON message (recipient, id);
CREATE TABLE IF NOT EXISTS request (
  id INTEGER PRIMARY KEY AUTOINCREMENT, standin TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
  status INTEGER NOT NULL, client TEXT, reason TEXT, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS request_standin ON request (standin, id);
"""
_WAIT_SECONDS = 20
_TABLES = ("record", "person", "person_key", "population_event", "message", "request")


class Transaction:
    """One open transaction; records are small JSON documents under a kind and a key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row, or None."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows."""
        return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """Run a change and return how many rows it met."""
        return self._connection.execute(sql, values).rowcount

    def find(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return the record, or None."""
        row = self.one("SELECT body FROM record WHERE kind = ? AND key = ?", kind, key)
        return None if row is None else json.loads(row["body"])

    def put(self, kind: str, key: str, body: Mapping[str, Any]) -> None:
        """Keep the record, in place of an older one."""
        self.run("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", kind, key, json.dumps(body))

    def add_once(self, kind: str, key: str, body: Mapping[str, Any] | None = None) -> bool:
        """Keep the record unless the key is taken; tells whether it was free."""
        return self.run("INSERT OR IGNORE INTO record VALUES (?, ?, ?)", kind, key, json.dumps(body or {})) == 1

    def take(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return the record and remove it, so that nobody else gets it; None if it is gone."""
        found = self.find(kind, key)
        self.run("DELETE FROM record WHERE kind = ? AND key = ?", kind, key)
        return found


class StandinStore:
    """Opens the file anew for each transaction, which SQLite does quickly and forks and threads survive."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write: one writer at a time; committed at the end, rolled back on an error."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read only."""
        with closing(self._connect()) as connection:
            yield Transaction(connection)

    def forget_all(self) -> None:
        """Empty every table."""
        with self.transaction() as transaction:
            for table in _TABLES:
                transaction.run(f"DELETE FROM {table}")  # noqa: S608 - names from the list above

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
