"""Eprom on the quicker database (`site`), or on both (`both`)."""

from __future__ import annotations

import pytest

from services.eprom.store.tables import Base
from tests.eprom.site import Site


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
    yield made
    made.close()


@pytest.fixture
def both(tmp_path, laid_url):
    """The whole service on both databases."""
    made = Site(tmp_path, laid_url(Base.metadata))
    yield made
    made.close()
