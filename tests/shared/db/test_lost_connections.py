"""A server that went away in between is not noticed by who comes next."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from sqlalchemy import text

from shared.db.base import new_metadata
from shared.db.database import Database
from shared.db.engine import make_engine


@pytest.fixture
def url(postgresql_cluster):
    name = f"t{uuid.uuid4().hex}"
    yield postgresql_cluster.create(name)
    postgresql_cluster.drop(name)


@pytest.fixture
def database(url):
    made = Database(make_engine(url), new_metadata())
    yield made
    made.engine.dispose()


def backends(database):
    """The servers' processes of a writing and a reading connection."""
    found = []
    for way in (database.transaction, database.reading):
        with way() as session:
            found.append(session.scalar(text("SELECT pg_backend_pid()")))
    return found


@pytest.mark.postgresql
def test_connections_that_the_server_has_ended_are_replaced_unnoticed(database, url):
    before = backends(database)
    assert backends(database) == before

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as operator:
        operator.execute("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s) AS s (pid)", [before])

    assert not set(backends(database)) & set(before)


@pytest.mark.postgresql
def test_a_connection_that_was_told_something_is_kept(database, url):
    before = backends(database)

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as operator:
        operator.execute("ALTER SYSTEM SET DateStyle = 'SQL, DMY'")
        operator.execute("SELECT pg_reload_conf()")
        operator.execute("ALTER SYSTEM RESET DateStyle")
        operator.execute("SELECT pg_reload_conf(), pg_sleep(0.2)")

    assert backends(database) == before
