"""Fixtures that run a test on SQLite and on PostgreSQL, each time in an empty database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import MetaData

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.laid_tables import lay_tables
from shared.testing.lent_databases import LentDatabases
from shared.testing.missing import fail_or_skip
from shared.testing.postgresql import Cluster, programs
from shared.testing.rabbitmq import RabbitServer, program

LaidUrl = Callable[[MetaData | None], str]
_NO_TABLES = MetaData()


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """One server for all tests of this process, in a folder that no other run clears away."""
    if programs() is None:
        fail_or_skip("postgresql")
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster.start(Path(folder))
        yield cluster
        cluster.stop()


@pytest.fixture(scope="session")
def lent_databases(postgresql_cluster: Cluster) -> LentDatabases:
    """Its databases, each used by one test after the other."""
    return LentDatabases(postgresql_cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def laid_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LaidUrl]:
    """Gives the address of the test's database with the tables of some metadata, of both kinds in turn."""
    if request.param == "sqlite":
        yield lambda _: f"sqlite:///{tmp_path}/test.sqlite"
        return
    lent: LentDatabases = request.getfixturevalue("lent_databases")
    made: list[str] = []
    with ExitStack() as held:

        def url(metadata: MetaData | None) -> str:
            if not made:
                made.append(held.enter_context(lent.lend(metadata or _NO_TABLES)))
            return made[0]

        yield url


@pytest.fixture
def database_url(laid_url: LaidUrl) -> str:
    """The address of an empty database, of both kinds in turn."""
    return laid_url(None)


@pytest.fixture
def make_database(laid_url: LaidUrl) -> Iterator[Any]:
    """A function that makes the tables of some metadata and returns the database."""
    engines = []

    def make(metadata: MetaData) -> Database:
        engine = make_engine(laid_url(metadata))
        engines.append(engine)
        lay_tables(engine, metadata)
        return Database(engine, metadata)

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer]:
    """One broker for all tests of this process, in a folder that no other run clears away."""
    if program("rabbitmq-server") is None:
        fail_or_skip("rabbitmq")
    with TemporaryDirectory(prefix="rabbit-", ignore_cleanup_errors=True) as folder:
        server = RabbitServer(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture(params=["sqlitebus", "rabbitmq"])
def bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a bus, of both kinds in turn; queues of an earlier test are emptied by the test itself."""
    if request.param == "sqlitebus":
        return f"sqlitebus:///{tmp_path}/bus.sqlite"
    server: RabbitServer = request.getfixturevalue("rabbit")
    return server.url
