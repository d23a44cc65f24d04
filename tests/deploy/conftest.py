"""Machines as registryctl finds them."""

from __future__ import annotations

import pytest
import structlog

from deploy.embedded.environment import Place, environment
from deploy.embedded.prepare import ADDRESSES
from deploy.embedded.suite import make_keys
from deploy.migrate import metadata_of
from deploy.standins.client_keys import ensure_client_keys
from shared.db.engine import make_engine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Makes the test's folder a machine: keys of some services, empty tables of some databases; returns its settings.

    The settings are in the environment too.
    """

    def prepared(*services, tables=None):
        place = Place(tmp_path, 8000, 0)
        place.prepare()
        env = environment(place)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        ensure_client_keys(place.folder / "keys")
        make_keys(services, env)
        for name in tables or services:
            lay_empty_tables(env, name)
        return env

    yield prepared
    structlog.reset_defaults()


def lay_empty_tables(env, name):
    """The tables of a database of a machine, where they are missing."""
    engine = make_engine(env[ADDRESSES[name]])
    metadata_of(name).create_all(engine)
    engine.dispose()


@pytest.fixture
def registration_machine(tmp_path, machine):
    """The folder of a machine on which registration has been prepared."""
    machine("identity", "registration", tables=["registration"])
    return tmp_path
