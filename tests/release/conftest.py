"""Release without its doors (`world`, both databases), and as a web app on the quicker one (`site`) or both (`both`)."""

from __future__ import annotations

import pytest

from services.release.store.tables import Base
from tests.release.site import Site
from tests.release.world import World


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, f"sqlite:///{tmp_path}/release.sqlite")
    yield made
    made.close()


@pytest.fixture
def both(tmp_path, laid_url):
    """The whole web app on both databases."""
    made = Site(tmp_path, laid_url(Base.metadata))
    yield made
    made.close()
