"""The worker: every job it may meet has a function, and it starts and stops."""

from __future__ import annotations

import threading
import time
from importlib import import_module
from pkgutil import iter_modules

import pytest

from services.registration import usecases
from services.registration.usecases.block_person import block_person
from services.registration.worker import CRONS, jobs, make_worker
from tests.registration.site import KARI


def job_names():
    """Every constant that names a job of a use case."""
    modules = [import_module(f"{usecases.__name__}.{found.name}") for found in iter_modules(usecases.__path__)]
    found = {value for module in modules for name, value in vars(module).items() if name.endswith("_JOB")}
    return found | {cron.name for cron in CRONS}


@pytest.mark.req("BUS-01")
def test_every_job_has_its_function(site):
    assert job_names() <= set(jobs(site.parts))


@pytest.mark.req("RES-05")
def test_a_reservation_is_carried_out_by_the_worker(site):
    site.register()
    block_person("smertereg", site.persons.block_hash(KARI), case_id="1a" * 16, uow=site.uow)
    worker, stop = make_worker(site.settings, site.parts), threading.Event()
    worker.start(stop)
    end = time.monotonic() + 20
    while site.pid() is not None and time.monotonic() < end:
        time.sleep(0.05)
    stop.set()
    worker.join()

    assert site.pid() is None
