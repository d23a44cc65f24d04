"""The two places where faults are tried: one machine without servers, and own servers."""

from __future__ import annotations

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from shared.testing.missing import fail_or_skip
from shared.testing.postgresql import Cluster, programs


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """The name of a place, and the addresses of two empty databases and a bus in it."""
    names = ("source", "target")
    if request.param == "sqlite":
        urls = {name: f"sqlite:///{tmp_path}/{name}.sqlite" for name in names}
        return "sqlite+sqlitebus", {**urls, "bus": f"sqlitebus:///{tmp_path}/bus.sqlite"}
    cluster, broker = (request.getfixturevalue(name) for name in ("postgresql_cluster", "rabbit"))
    urls = {name: cluster.create(f"{name}_{uuid.uuid4().hex}") for name in names}
    return "postgresql+rabbitmq", {**urls, "bus": broker.url}


@pytest.fixture(scope="session")
def durable_cluster():
    """A server that loses nothing when it is killed."""
    if programs() is None:
        fail_or_skip("postgresql")
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster.start(Path(folder), durable=True)
        yield cluster
        cluster.stop()
