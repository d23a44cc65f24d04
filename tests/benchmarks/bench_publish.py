"""B1: how fast the relay's publisher gets events safely to RabbitMQ."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import orjson
from kombu import Connection, Producer

from shared.bus.frames import FrameMaker, Outgoing
from shared.bus.publisher import CONTENT_TYPE, BatchPublisher
from shared.bus.topology import EXCHANGE, connect, declare, inbox
from shared.contracts.envelope import Envelope, to_cloudevent
from shared.contracts.release import Delivered
from tests.benchmarks import raw_amqp

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BATCH, FRAME_MAX = 200, 131_072
LISTENER, SECOND_LISTENER = "registration", "reservation"


def envelopes(count):
    """Events of a usual size."""
    hexes = [f"{n:032x}" for n in range(count)]
    events = [Delivered(delivery_id=h, project_id=h, extract_id=h, delivered_at=NOW) for h in hexes]
    return [Envelope(id=h, event=e, version=1, time=NOW, correlation_id=h) for h, e in zip(hexes, events, strict=True)]


def prepare(url):
    """Declare everything and leave one queue bound, so that all contenders make the broker do the same."""
    with connect(url) as connection, connection.channel() as channel:
        declare(connection)
        for service in (LISTENER, SECOND_LISTENER):
            inbox(service)(channel).purge()
        inbox(SECOND_LISTENER)(channel).unbind_from(EXCHANGE, routing_key="release.#")


def timed(count, work):
    """Messages a second."""
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def batches(url, publisher, events):
    publisher.publish(events[:1])
    prepare(url)

    def work():
        for start in range(0, len(events), BATCH):
            publisher.publish(events[start : start + BATCH])

    return timed(len(events), work)


def one_by_one(url, events):
    """What kombu offers: publish and wait, one at a time."""
    prepare(url)
    options = {"confirm_publish": True}
    with Connection(url, transport_options=options) as connection, connection.channel() as channel:
        producer = Producer(channel, exchange=EXCHANGE, auto_declare=False)

        def work():
            for event in events:
                body = orjson.dumps(to_cloudevent(event)).decode()
                producer.publish(
                    body, routing_key=event.name, mandatory=True, delivery_mode=2, message_id=event.id,
                    content_type=CONTENT_TYPE, content_encoding="utf-8",
                )  # fmt: skip

        return timed(len(events), work)


def raw(url, frames):
    prepare(url)
    connection = raw_amqp.RawConnection(url)
    connection.channel.confirm_select()
    rate = timed(len(frames), lambda: raw_amqp.publish(connection, frames))
    connection.close()
    return rate


def prepared_frames(events, exchange=EXCHANGE.name):
    maker = FrameMaker(1, FRAME_MAX, exchange, CONTENT_TYPE)
    return [maker.frames([Outgoing(e.name, e.id, orjson.dumps(to_cloudevent(e)))]) for e in events]


def measure(bench):
    url, events = bench.rabbitmq.url, envelopes(bench.some(8000))
    few, frames, publisher = events[: bench.some(1200)], prepared_frames(events), BatchPublisher(bench.rabbitmq.url)
    rounds = bench.compare(
        {
            "batches": lambda: batches(url, publisher, events),
            "one by one": lambda: one_by_one(url, few),
            "raw": lambda: raw(url, frames),
        }
    )
    publisher.close()
    yield rounds.compared("B1", "publishing in batches against kombu one by one", "batches", "one by one", 4.0)
    yield rounds.compared("B1", "publishing in batches against a bare socket", "batches", "raw", 0.5)


BARS = {"B1": measure}
