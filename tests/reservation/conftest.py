"""Reservation as a web app, on the quicker database (`site`) or both (`both`)."""

from __future__ import annotations

import pytest

from services.reservation.store.tables import Base
from tests.reservation.site import Site


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, f"sqlite:///{tmp_path}/reservation.sqlite")
    yield made
    made.close()


@pytest.fixture
def both(tmp_path, laid_url):
    """The whole web app on both databases."""
    made = Site(tmp_path, laid_url(Base.metadata))
    yield made
    made.close()
