"""A client at the provider; one for all tests of a module whose requests have no effect."""

from __future__ import annotations

import pytest

from tests.identity.api.asking import Client
from tests.identity.site import Site


@pytest.fixture
def client(site):
    return Client(site)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider")
    site = Site(folder, f"sqlite:///{folder}/site.sqlite")
    yield Client(site)
    site.database.engine.dispose()
