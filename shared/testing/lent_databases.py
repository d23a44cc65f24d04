"""PostgreSQL databases with tables and no rows, lent to one test after the other: making one takes far longer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString
from uuid import uuid4

from psycopg import Connection
from psycopg.rows import TupleRow
from sqlalchemy import MetaData

from shared.db.engine import make_engine
from shared.testing.postgresql import Cluster

_SHUT_OUT: LiteralString = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_EMPTY: LiteralString = """
DO $$
DECLARE at record; is_filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR at IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', at.schemaname, at.tablename) INTO is_filled;
    IF is_filled THEN EXECUTE format('DELETE FROM %I.%I', at.schemaname, at.tablename); END IF;
  END LOOP;
  FOR at IN SELECT schemaname, sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I.%I RESTART', at.schemaname, at.sequencename);
  END LOOP;
END $$"""
# Whatever a test may have changed besides rows.
_SHAPE: LiteralString = """
WITH room AS (SELECT 'public'::regnamespace::oid AS id),
     held AS (SELECT c.* FROM pg_class AS c, room WHERE relnamespace = id)
SELECT (SELECT array_agg(relname ORDER BY relname) FROM held),
       (SELECT array_agg(row(a.*)::text ORDER BY attrelid, attnum) FROM pg_attribute AS a, held
         WHERE held.oid = attrelid),
       (SELECT array_agg(row(t.*)::text ORDER BY oid) FROM pg_trigger AS t),
       (SELECT array_agg(row(c.*)::text ORDER BY oid) FROM pg_constraint AS c, room WHERE connamespace = id),
       (SELECT array_agg(row(p.*)::text ORDER BY oid) FROM pg_proc AS p, room WHERE pronamespace = id)"""


class LentDatabases:
    """The databases of one server, by the tables they have."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._free: dict[MetaData, list[tuple[str, object]]] = defaultdict(list)

    @contextmanager
    def lend(self, metadata: MetaData) -> Iterator[str]:
        """The address of a database with these tables, all of them empty; one whose shape was changed is not kept."""
        free = self._free[metadata]
        name, shape = free.pop() if free else self._make(metadata)
        yield self._cluster.url(name)
        with self._cluster.session(name) as session:
            session.execute(_SHUT_OUT)
            session.execute(_EMPTY)
            is_kept = _shape(session) == shape
        if is_kept:
            free.append((name, shape))
        else:
            self._cluster.drop(name)

    def _make(self, metadata: MetaData) -> tuple[str, object]:
        engine = make_engine(self._cluster.create(name := f"t{uuid4().hex}"))
        metadata.create_all(engine)
        engine.dispose()
        with self._cluster.session(name) as session:
            return name, _shape(session)


def _shape(session: Connection[TupleRow]) -> object:
    return session.execute(_SHAPE).fetchone()
