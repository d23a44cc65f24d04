"""The small service on both databases (`world`), or on the quicker one where the database does not matter (`lite`)."""

from __future__ import annotations

import pytest

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.laid_tables import lay_tables
from shared.testing.web import make_client
from tests.shared.web.kit import METADATA, World


@pytest.fixture
def world(make_database):
    return World(make_database(METADATA))


@pytest.fixture
def lite_database(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/lite/lite.sqlite")
    lay_tables(engine, METADATA)
    yield Database(engine, METADATA)
    engine.dispose()


@pytest.fixture
def lite(lite_database):
    return World(lite_database)


@pytest.fixture
def client(lite):
    return make_client(lite.app)
