"""Identity on both databases (`identity`), or on the quicker one where the database does not matter (`lite`)."""

from __future__ import annotations

import pytest

from shared.db.database import Database
from shared.db.engine import make_engine
from tests.identity.world import METADATA, Identity


@pytest.fixture
def identity(make_database):
    return Identity(make_database(METADATA))


@pytest.fixture
def lite(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/identity.sqlite")
    METADATA.create_all(engine)
    yield Identity(Database(engine, METADATA))
    engine.dispose()
