"""B5: the embedded bus against the one brokerless transport of kombu that keeps messages in a database."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import replace

import orjson
from kombu import Connection, Consumer, Exchange, Producer, Queue

from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher
from shared.bus.topology import inbox
from shared.contracts.envelope import to_cloudevent
from shared.outbox.inbox import Outcome, Result
from shared.scheduling.clock import SystemClock
from tests.benchmarks.bench_inbox import Counted
from tests.benchmarks.bench_publish import BATCH, LISTENER, SECOND_LISTENER, envelopes, timed
from tests.benchmarks.harness import Rounds

MANY, FEW = 8000, 300
DONE = Outcome(Result.DONE)


class Spent:
    """Rates and CPU of one side, round by round."""

    def __init__(self):
        self.rates, self.cpu = [], []

    def add(self, rate, cpu):
        self.rates.append(rate)
        self.cpu.append(cpu)


def metered(spent, count, work):
    """Let `work` run and note what it took."""
    cpu = time.process_time()
    rate = timed(count, work)
    spent.add(rate, (time.process_time() - cpu) / count * 1e6)
    return rate


def publish_embedded(path, events, spent):
    """Batches as the relay makes them, each one commit that has reached the disk; one listener, as for the other."""
    publisher = BatchPublisher(f"sqlitebus:///{path}")
    publisher.publish(events[:1])
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM message")
        file.execute("DELETE FROM binding WHERE queue = ?", (inbox(SECOND_LISTENER).name,))
    file.close()

    def work():
        for start in range(0, len(events), BATCH):
            publisher.publish(events[start : start + BATCH])

    rate = metered(spent, len(events), work)
    publisher.close()
    return rate


def consume_embedded(path, count, spent):
    """The consumer as it runs in operation; nothing is done with the events."""
    stop = threading.Event()
    counted = Counted(lambda batch: [DONE] * len(batch), count, stop)
    BusConsumer(f"sqlitebus:///{path}", LISTENER, counted, SystemClock().now).run(stop)
    rate, cpu = counted.figures()
    spent.add(rate, cpu)
    return rate


def _sqlalchemy(path):
    connection = Connection(f"sqlalchemy+sqlite:///{path}")
    connection.transport.polling_interval = 0.005
    exchange = Exchange("events", type="direct")
    return connection, exchange, Queue("inbox", exchange, routing_key="inbox")


def publish_sqlalchemy(path, events, spent):
    connection, exchange, queue = _sqlalchemy(path)
    bodies = [orjson.dumps(to_cloudevent(event)).decode() for event in events]
    with connection, connection.channel() as channel:
        queue(channel).declare()
        queue(channel).purge()
        producer = Producer(channel, exchange=exchange)
        return metered(spent, len(bodies), lambda: [producer.publish(body, routing_key="inbox") for body in bodies])


def consume_sqlalchemy(path, count, spent):
    connection, _, queue = _sqlalchemy(path)
    left = count

    def take(message):
        nonlocal left
        orjson.loads(message.body)
        message.ack()
        left -= 1

    def work():
        while left:
            connection.drain_events()

    with connection, connection.channel() as channel, Consumer(channel, [queue], on_message=take):
        return metered(spent, count, work)


def measure(bench):
    sides = ("publish", "consume")
    spent = {name: Spent() for side in sides for name in (f"{side} embedded", f"{side} sqlalchemy")}
    many, few = envelopes(bench.some(MANY)), envelopes(bench.some(FEW))
    own, other = bench.folder / "b5_bus.sqlite", bench.folder / "b5_kombu.sqlite"
    bench.compare(
        {
            "embedded": lambda: (
                publish_embedded(own, many, spent["publish embedded"])
                + consume_embedded(own, len(many), spent["consume embedded"])
            ),
            "sqlalchemy": lambda: (
                publish_sqlalchemy(other, few, spent["publish sqlalchemy"])
                + consume_sqlalchemy(other, len(few), spent["consume sqlalchemy"])
            ),
        }
    )
    for side in sides:
        yield figure(side, spent)


def figure(side, spent):
    rounds = Rounds({name: spent[f"{side} {name}"].rates for name in ("embedded", "sqlalchemy")})
    cpu = {name: min(spent[f"{side} {name}"].cpu) for name in ("embedded", "sqlalchemy")}
    what = f"embedded bus against kombu's sqlalchemy, {side}"
    found = rounds.compared("B5", what, "embedded", "sqlalchemy", 60.0)
    return replace(found, note=f"{found.note}; {cpu['embedded']:.0f} and {cpu['sqlalchemy']:.0f} us of CPU an event")


BARS = {"B5": measure}
