"""Outbox and inbox in plain statements, as one writes them by hand: what all contenders but the kit stand on."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager

BATCH = 200
_COLUMNS = "position, event_id, name, aggregate, version, body, time, correlation_id"


def cloudevent(row):
    """The same message that the kit sends."""
    _, event_id, name, aggregate, version, body, moment, correlation_id = row
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/{name.split('.')[0]}",
        "type": name,
        "subject": aggregate,
        "time": str(moment),
        "datacontenttype": "application/json",
        "data": body if isinstance(body, dict) else json.loads(body),
        "aggregateversion": version,
        "correlationid": correlation_id,
    }


class PostgresqlStore:
    """One connection to one service's database."""

    def __init__(self, url):
        import psycopg

        self._db = psycopg.connect(url.replace("+psycopg", ""))

    @contextmanager
    def oldest(self):
        """The oldest events of the outbox; they are gone when the block has ended well."""
        with self._db.transaction():
            query = f"SELECT {_COLUMNS} FROM outbox ORDER BY position LIMIT {BATCH} FOR UPDATE SKIP LOCKED"
            rows = self._db.execute(query).fetchall()
            yield [cloudevent(row) for row in rows]
            self._db.execute("DELETE FROM outbox WHERE position = ANY(%s)", ([row[0] for row in rows],))

    def apply(self, event):
        """The effect of one event, once, in one transaction; returns whether it was new."""
        with self._db.transaction():
            remember = "INSERT INTO inbox VALUES (%s, now()) ON CONFLICT DO NOTHING RETURNING event_id"
            is_new = self._db.execute(remember, (event["id"],)).fetchone() is not None
            if is_new:
                effect = "INSERT INTO effect (delivery_id, seen_ns) VALUES (%s, %s)"
                self._db.execute(effect, (event["data"]["delivery_id"], time.monotonic_ns()))
        return is_new


class SqliteStore:
    """The same on one file."""

    def __init__(self, url):
        self._db = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
        self._db.execute("PRAGMA synchronous=FULL")

    @contextmanager
    def oldest(self):
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM outbox ORDER BY position LIMIT {BATCH}").fetchall()
        yield [cloudevent(row) for row in rows]
        with self._transaction():
            self._db.executemany("DELETE FROM outbox WHERE position = ?", [(row[0],) for row in rows])

    def apply(self, event):
        with self._transaction():
            remember = "INSERT INTO inbox VALUES (?, ?) ON CONFLICT DO NOTHING"
            is_new = self._db.execute(remember, (event["id"], event["time"])).rowcount == 1
            if is_new:
                effect = "INSERT INTO effect (delivery_id, seen_ns) VALUES (?, ?)"
                self._db.execute(effect, (event["data"]["delivery_id"], time.monotonic_ns()))
        return is_new

    @contextmanager
    def _transaction(self):
        self._db.execute("BEGIN IMMEDIATE")
        yield
        self._db.execute("COMMIT")


def open_store(url):
    return (SqliteStore if url.startswith("sqlite") else PostgresqlStore)(url)


def relay_all(settings, turn, publish):
    """Hand the whole outbox to `publish`, a batch at a time."""
    store = open_store(settings["source"])
    turn.await_start()
    while True:
        with store.oldest() as events:
            publish(events)
        if not events:
            break
    turn.done()
