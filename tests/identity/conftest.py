"""Identity on both databases (`identity`), or on the quicker one where the database does not matter (`lite`)."""

from __future__ import annotations

import pytest

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.laid_tables import lay_tables
from tests.identity.calendar_days import Calendar
from tests.identity.site import Site
from tests.identity.world import METADATA, Identity


@pytest.fixture
def identity(make_database):
    return Identity(make_database(METADATA))


@pytest.fixture
def lite(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/identity.sqlite")
    lay_tables(engine, METADATA)
    yield Identity(Database(engine, METADATA))
    engine.dispose()


@pytest.fixture
def calendar(identity):
    return Calendar(identity)


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, f"sqlite:///{tmp_path}/site.sqlite")
    yield made
    made.database.engine.dispose()


@pytest.fixture
def both(tmp_path, laid_url):
    """The whole web app on both databases."""
    made = Site(tmp_path, laid_url(METADATA))
    yield made
    made.database.engine.dispose()
