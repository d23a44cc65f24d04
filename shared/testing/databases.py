"""Fixtures that run a test on SQLite and on PostgreSQL, each time in an empty database."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.missing import fail_or_skip
from shared.testing.postgresql import Cluster, programs


@pytest.fixture(scope="session")
def postgresql_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One server for all tests of this process."""
    if programs() is None:
        fail_or_skip("postgresql")
    cluster = Cluster.start(tmp_path_factory.mktemp("pg"))
    yield cluster
    cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of both kinds in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.sqlite"
        return
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    name = f"t{uuid.uuid4().hex}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.fixture
def make_database(database_url: str) -> Iterator[Any]:
    """A function that makes the tables of some metadata and returns the database."""
    engines = []

    def make(metadata: MetaData) -> Database:
        engine = make_engine(database_url)
        engines.append(engine)
        metadata.create_all(engine)
        return Database(engine, metadata)

    yield make
    for engine in engines:
        engine.dispose()
