"""Eprom on the quicker database (`site`), or on both (`both`); a module says by SITE which kind of it has."""

from __future__ import annotations

import pytest

from services.eprom.store.tables import Base
from tests.eprom.site import Site


@pytest.fixture
def kind(request):
    """The kind of site that the module of a test is about."""
    return getattr(request.module, "SITE", Site)


@pytest.fixture
def site(kind, tmp_path):
    made = kind(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
    yield made
    made.close()


@pytest.fixture
def both(kind, tmp_path, laid_url):
    """The whole service on both databases."""
    made = kind(tmp_path, laid_url(Base.metadata))
    yield made
    made.close()
