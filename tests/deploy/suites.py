"""Suites that several modules share: what a first start makes is made once in a run, and so is the production profile."""

from __future__ import annotations

import fcntl
import os
import shutil

import pytest

from deploy.embedded.environment import Place
from deploy.embedded.prepare import prepare
from deploy.processes import free_port
from shared.testing.missing import fail_or_skip
from shared.testing.postgresql import programs
from shared.testing.rabbitmq import program
from tests.deploy.running import Running, free_ports, own_folder

# What journeys walk through has a fifth of the demo's courses: each that is due when the clock moves takes its time.
os.environ.setdefault("DEMO_SHARE", "5")


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """Everything that a first start of the demo makes, in a folder to copy from, and the port it was made for.

    All processes of a run share it. Who applies for data is known by the address of ID-porten, and so by the port.
    """
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made = base / "first-start"
    with (base / "first-start.port").open("a+") as port:
        fcntl.flock(port, fcntl.LOCK_EX)
        port.seek(0)
        if not (known := port.read()):
            known = str(free_ports())
            prepare(Place(made, int(known), free_port()))
            port.write(known)
    return made, int(known)


@pytest.fixture(scope="session")
def production():
    """All five services as `make stack` runs them."""
    if programs() is None or program("rabbitmq-server") is None:
        fail_or_skip("postgresql" if programs() is None else "rabbitmq")
    with own_folder() as folder, Running(folder / "s", "deploy.stack") as running:
        running.is_stack = True
        yield running
        assert running.end() == 0
        assert not running.left()


@pytest.fixture(scope="session")
def embedded(first_start):
    """All five services as `make demo` runs them, for the journeys."""
    with own_folder() as folder, Running(shutil.copytree(first_start[0], folder / "suite")) as running:
        running.is_stack = False
        yield running
