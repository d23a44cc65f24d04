"""B2: how fast a consumer applies events from RabbitMQ, a hundred and one a transaction."""

from __future__ import annotations

import threading
import time

from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher
from shared.outbox.inbox import Inbox
from shared.scheduling.clock import SystemClock
from tests.benchmarks.bench_publish import LISTENER, envelopes, prepare
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.suite import HANDLERS, emptied, make_uow, open_database

BOUNDS = {"PostgreSQL": 5.0, "SQLite": 2.5}


class Counted:
    """Takes batches until a number is reached; knows the time and the CPU between the first and the last."""

    def __init__(self, take, count, stop):
        self._take, self._left, self._stop = take, count, stop
        self._count, self._began = count, None

    def __call__(self, batch):
        if self._began is None:
            self._began = (time.perf_counter(), time.process_time())
        outcomes = self._take(batch)
        self._left -= len(outcomes)
        if self._left <= 0:
            self._stop.set()
        return outcomes

    def figures(self):
        """Events a second, and microseconds of this process's CPU an event."""
        seconds, cpu = time.perf_counter() - self._began[0], time.process_time() - self._began[1]
        return self._count / seconds, cpu / self._count * 1e6


def consume(url, database, count, batch):
    """Publish so many events, then take them all; returns rate and CPU."""
    prepare(url)
    publisher = BatchPublisher(url)
    publisher.publish(envelopes(count))
    publisher.close()
    stop = threading.Event()
    counted = Counted(Inbox(make_uow(emptied(database)), HANDLERS).take, count, stop)
    BusConsumer(url, LISTENER, counted, SystemClock().now, batch=batch).run(stop)
    return counted.figures()


def measure(bench):
    url = bench.rabbitmq.url
    addresses = {"PostgreSQL": bench.postgresql.create("b2"), "SQLite": f"sqlite:///{bench.folder}/b2.sqlite"}
    for name, address in addresses.items():
        database, used = open_database(address), []

        def together(database=database, used=used):
            rate, cpu = consume(url, database, bench.some(4000), 100)
            used.append(cpu)
            return rate

        rounds = bench.compare(
            {"100": together, "1": lambda database=database: consume(url, database, bench.some(800), 1)[0]}
        )
        database.engine.dispose()
        yield rounds.compared("B2", f"100 events a transaction against 1, {name}", "100", "1", BOUNDS[name])
        # The least disturbed round: neighbours on the machine can only make the same work look dearer.
        what = f"Python CPU an event, {name}"
        yield Figure("B2", what, min(used), 150.0, unit="us", at_most=True, noise=spread(used))


BARS = {"B2": measure}
