"""What waits is shown as metrics, by the web process and by the worker's own door."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from shared.bus.worker import Alarm, Worker
from shared.contracts.identity import UserDeactivated
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.scheduling.jobs import JobRunner, enqueue
from shared.web.worker_process import door_app
from tests.shared.web.kit import KIT_TABLES


@pytest.fixture
def worker(lite, tmp_path):
    uow = UnitOfWork(lite.database, Store, KIT_TABLES, clock=lite.clock)
    runner = JobRunner(lite.database, KIT_TABLES.scheduling, lite.clock, {})
    return Worker("bare", f"sqlitebus:///{tmp_path}/bus.sqlite", uow, {}, runner, Alarm())


def metrics(worker):
    return door_app([worker]).test_client().get("/metrics").text


@pytest.mark.req("OPS-04")
def test_what_waits_is_counted(lite, worker):
    with worker.uow() as store:
        store.emit(UserDeactivated(user_id=7))
        enqueue(store.session, KIT_TABLES.scheduling, "x", key="x", due_at=lite.clock.now(), arguments={})
    lite.clock.move(timedelta(seconds=42))

    shown = metrics(worker)

    assert 'outbox_rows{service="bare"} 1.0' in shown
    assert 'outbox_oldest_seconds{service="bare"} 42.0' in shown
    assert 'jobs_due{service="bare"} 1.0' in shown
    assert 'jobs_failed{service="bare"} 0.0' in shown
    assert 'inbox_parked_rows{service="bare"} 0.0' in shown


@pytest.mark.req("OPS-04")
def test_a_worker_is_degraded_until_its_threads_run(worker):
    pages, stop = door_app([worker]).test_client(), threading.Event()
    assert pages.get("/ready").json["checks"]["bare.threads"] == "degraded"
    worker.start(stop)
    try:
        assert pages.get("/ready").json["checks"]["bare.threads"] == "ready"
    finally:
        stop.set()
        worker.join()
