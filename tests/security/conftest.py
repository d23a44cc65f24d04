"""The scenes of the five services, each built once for all tests of this folder."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import structlog

from tests.security.matrix import ask_all
from tests.security.scenes.eprom import Eprom
from tests.security.scenes.identity import Identity
from tests.security.scenes.registration import Registration
from tests.security.scenes.release import Release
from tests.security.scenes.reservation import Reservation

SCENES = [
    pytest.param(made, id=made.__name__.lower(), marks=pytest.mark.xdist_group(f"scene of {made.__name__}"))
    for made in (Registration, Eprom, Reservation, Release, Identity)
]


@pytest.fixture(scope="session")
def kept():
    """The scenes made so far; pytest itself keeps only the newest of the values of a parameter."""
    scenes = {}
    yield scenes
    for made in scenes.values():
        made.close()


@pytest.fixture(scope="session", params=SCENES)
def scene(request, tmp_path_factory, kept):
    """A service with objects of several owners, and everybody who may come to its doors."""
    if request.param not in kept:
        kept[request.param] = request.param(tmp_path_factory.mktemp(request.param.__name__))
    return kept[request.param]


@pytest.fixture(scope="session")
def asked():
    """The rights matrices asked so far."""
    return {}


@pytest.fixture(scope="session")
def cells(scene, asked):
    """The whole rights matrix of the service, asked once."""
    if scene not in asked:
        with quiet():
            asked[scene] = ask_all(scene)
    return asked[scene]


@pytest.fixture(autouse=True)
def silence():
    """Tens of thousands of requests are not logged."""
    with quiet():
        yield


@contextmanager
def quiet():
    """Log lines go nowhere."""
    kept = structlog.get_config()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.configure(**kept)
