"""The system under fault tests: a web server that tells events, a relay, and a consumer that notes effects."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import insert, select

from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher
from shared.bus.topology import RETRY_SECONDS, connect, dead, declare, inbox, retry
from shared.contracts.event import all_events
from shared.contracts.registration import CourseDeleted
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.db.errors import DatabaseUnavailable
from shared.outbox.inbox import Inbox
from shared.outbox.relay import Relay
from shared.scheduling.clock import SystemClock
from tests.shared.outbox.kit import EFFECT, KIT, METADATA, make_uow

COURSES = 20
LISTENER = "eprom"
SETTINGS = "FAULT_SETTINGS"
# New processes come from a warm one: they are there at once, and a kill is not followed by a second of loading.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.faults.crashes", "kombu.transport.pyamqp", "shared.bus.sqlite_transport", "psycopg"]
)
all_events()


def database(url):
    return Database(make_engine(url), METADATA)


def event(number):
    return CourseDeleted(course_id=number % COURSES, pid=number)


def note(told, uow):
    with uow() as store:
        store.session.execute(insert(EFFECT).values(what=f"{told.course_id} {told.pid}"))


def tell(uow, *numbers):
    with uow() as store:
        for number in numbers:
            store.emit(event(number))


class Site:
    """The web server's application: `POST /7` tells event 7 and answers 204 once that is committed."""

    def __init__(self):
        self._uow = None

    def __call__(self, environ, start_response):
        if self._uow is None:
            self._uow = make_uow(database(json.loads(os.environ[SETTINGS])["source"]), SystemClock())
        status = HTTPStatus.NO_CONTENT
        try:
            tell(self._uow, int(environ["PATH_INFO"].strip("/")))
        except DatabaseUnavailable:
            status = HTTPStatus.SERVICE_UNAVAILABLE
        start_response(f"{status.value} {status.phrase}", [])
        return []


site = Site()


def relay(settings, stop):
    publisher = BatchPublisher(settings["bus"])
    Relay(database(settings["source"]), KIT, publisher.publish, publisher.tick).run_forever(
        stop, threading.Event(), sweep=0.02
    )


def consume(settings, stop):
    take = Inbox(make_uow(database(settings["target"]), SystemClock()), {CourseDeleted: note}).take
    with Path(settings["deliveries"]).open("ab", buffering=0) as deliveries:

        def noted(envelopes):
            deliveries.write("".join(f"{envelope.id}\n" for envelope in envelopes).encode())
            return take(envelopes)

        BusConsumer(settings["bus"], LISTENER, noted, SystemClock().now).run(stop)


def start(role, settings, log):
    """One more process of the system; it ends at SIGTERM, or when it is killed."""
    process = PROCESSES.Process(target=_run, args=(role.__name__, settings, str(log)), daemon=True)
    process.start()
    return process


def _run(name, settings, log):
    with Path(log).open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    {"relay": relay, "consume": consume}[name](settings, stop)


def _end_with_the_test():
    """However the test itself ends."""
    multiprocessing.parent_process().join()
    os._exit(1)


def empty_bus(url):
    """Declare everything and drop what an earlier test has left."""
    with connect(url) as connection:
        declare(connection)
        with connection.channel() as channel:
            for queue in (inbox(LISTENER), dead(LISTENER), *(retry(LISTENER, s) for s in RETRY_SECONDS)):
                queue(channel).purge()


def told_by(source):
    """(course, number) of every event the source has kept, by version."""
    rows = []
    with source.reading() as session:
        for table in (KIT.outbox.event_log, KIT.outbox.outbox):
            rows += session.execute(select(table.c.aggregate, table.c.version, table.c.body)).all()
    return [(body["course_id"], body["pid"]) for _, _, body in sorted(rows, key=lambda row: (row[0], row[1]))]


def done_at(target):
    """(course, number) of every effect, in the order in which they came."""
    with target.reading() as session:
        texts = session.scalars(select(EFFECT.c.what).order_by(EFFECT.c.number)).all()
    return [tuple(map(int, text.split())) for text in texts]
