"""The processes of the ledger test: `writer` tells, `worker` of eprom listens and counts effects."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import insert

from shared.bus.publisher import BatchPublisher
from shared.bus.worker import Alarm, Worker
from shared.contracts.registration import CourseDeleted
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.relay import Relay
from shared.scheduling.clock import SystemClock
from shared.scheduling.jobs import JobRunner
from tests.shared.outbox.kit import EFFECT, KIT, METADATA, make_uow

COURSES = 20


def database(url):
    return Database(make_engine(url), METADATA)


def note(event, uow):
    with uow() as store:
        store.session.execute(insert(EFFECT).values(what=str(event.pid)))


def write(settings):
    """Emit numbered events; the ledger outside the system says which were acknowledged to the caller."""
    uow = make_uow(database(settings["source"]), SystemClock())
    with Path(settings["ledger"]).open("a", encoding="utf-8") as ledger:
        for number in range(settings["first"], settings["first"] + settings["count"]):
            with uow() as store:
                store.emit(CourseDeleted(course_id=number % COURSES, pid=number))
            ledger.write(f"{number}\n")
            ledger.flush()
            time.sleep(settings["pause"])


def relay(settings, stop):
    publisher = BatchPublisher(settings["bus"])
    Relay(database(settings["source"]), KIT, publisher.publish).run_forever(stop, threading.Event(), sweep=0.05)


def consume(settings, stop):
    uow = make_uow(database(settings["target"]), SystemClock())
    jobs = JobRunner(uow.database, KIT.scheduling, uow.clock, {})
    worker = Worker("eprom", settings["bus"], uow, {CourseDeleted: note}, jobs, Alarm())
    worker.start(stop)
    stop.wait()
    worker.join()


def main():
    settings, stop = json.loads(sys.argv[2]), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if sys.argv[1] == "writer":
        write(settings)
    else:
        {"relay": relay, "consumer": consume}[sys.argv[1]](settings, stop)


if __name__ == "__main__":
    main()
