"""Fixtures of the stand-in tests: keys made once, a fresh world for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.standins.client_keys import ensure_client_keys
from tests.standins.world import World, settings_for


@pytest.fixture(scope="session")
def client_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_client_keys(folder)
    return folder


@pytest.fixture
def world(tmp_path: Path, client_keys: Path) -> World:
    return World(settings_for(tmp_path, client_keys))
