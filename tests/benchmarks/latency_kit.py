"""The workers of the latency bar: one process for both services, or one each, as the profile has it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

from shared.bus.worker import Alarm, Worker
from shared.observability.log import configure_logging
from shared.scheduling.jobs import JobRunner
from tests.benchmarks.bench_publish import LISTENER
from tests.benchmarks.peers.turn import Turn
from tests.benchmarks.suite import HANDLERS, KIT, make_uow, open_database

TELLER = "release"


def work(settings, sides):
    """Run the workers until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    workers = [_worker(settings, side) for side in sides]
    for worker in workers:
        worker.start(stop)
    Turn().ready()
    stop.wait()
    for worker in workers:
        worker.join()


def _worker(settings, side):
    alarm = Alarm()
    uow = make_uow(open_database(settings[side]), alarm.ring)
    service, handlers = (TELLER, {}) if side == "source" else (LISTENER, HANDLERS)
    jobs = JobRunner(uow.database, KIT.scheduling, uow.clock, {})
    return Worker(service, settings["bus"], uow, handlers, jobs, alarm)


if __name__ == "__main__":
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        configure_logging("bench", nowhere)
        work(json.loads(sys.argv[2]), sys.argv[1].split("+"))
