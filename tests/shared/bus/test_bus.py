"""The bus carries every event once to each listener, on RabbitMQ and on one SQLite file."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime

import pytest

from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher, publish_copy
from shared.bus.sqlite_bells import Ear, ring_all
from shared.bus.sqlite_file import topic_matches
from shared.bus.topology import LISTENS, RETRY_SECONDS, connect, dead, declare, inbox, retry
from shared.contracts.envelope import Envelope
from shared.contracts.event import PRODUCERS, all_events
from shared.contracts.registration import CourseDeleted
from shared.outbox.inbox import Outcome, Result

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def clean_bus(bus_url):
    with connect(bus_url) as connection:
        declare(connection)
        with connection.channel() as channel:
            for service in LISTENS:
                for queue in (inbox(service), dead(service), *(retry(service, s) for s in RETRY_SECONDS)):
                    queue(channel).purge()
    return bus_url


def envelopes(count, start=1):
    events = [CourseDeleted(course_id=n, pid=1) for n in range(start, start + count)]
    return [Envelope(id=f"e{e.course_id}", event=e, version=1, time=NOW, correlation_id="c") for e in events]


def publish(url, batch):
    publisher = BatchPublisher(url)
    publisher.publish(batch)
    publisher.close()


class Taker:
    """Notes what it is given; fails what it is told to fail."""

    def __init__(self, fail=()):
        self.seen, self.fail, self.batches = [], set(fail), 0

    def __call__(self, batch):
        self.batches += 1
        self.seen += [e.event.course_id for e in batch]
        return [
            Outcome(Result.FAILED, "Bad") if e.event.course_id in self.fail else Outcome(Result.DONE) for e in batch
        ]


def consume(url, service, take, until, seconds=20.0):
    stop = threading.Event()
    thread = threading.Thread(target=BusConsumer(url, service, take, lambda: NOW).run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + seconds
    while not until() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def size(url, queue):
    with connect(url) as connection, connection.channel() as channel:
        return queue(channel).queue_declare(passive=True).message_count


@pytest.mark.rabbitmq
@pytest.mark.req("BUS-01")
def test_each_listener_gets_every_event_once_and_in_order(clean_bus):
    publish(clean_bus, envelopes(250))
    for service in ("eprom", "reservation"):
        taker = Taker()
        consume(clean_bus, service, taker, lambda taker=taker: len(taker.seen) >= 250)

        assert taker.seen == list(range(1, 251))
        assert taker.batches < 100
    assert size(clean_bus, inbox("eprom")) == 0


@pytest.mark.rabbitmq
@pytest.mark.req("BUS-01")
def test_a_failed_event_comes_back_after_a_pause_and_to_the_same_listener_only(clean_bus):
    publish(clean_bus, envelopes(3))
    other, taker = Taker(), Taker(fail={2})
    consume(clean_bus, "eprom", taker, lambda: taker.seen.count(2) >= 2)
    consume(clean_bus, "release", other, lambda: len(other.seen) >= 3)

    assert sorted(taker.seen) == [1, 2, 2, 3]
    assert sorted(other.seen) == [1, 2, 3]


@pytest.mark.rabbitmq
@pytest.mark.req("BUS-01", "BUS-04")
def test_a_body_that_cannot_be_read_is_set_aside_with_its_reason(clean_bus):
    with connect(clean_bus) as connection, connection.channel() as channel:
        if not hasattr(channel, "batch"):
            channel.confirm_select()
        publish_copy(channel, inbox("eprom").name, '{"type": "registration.no_such.v1", "data": {}}', {})
        publish_copy(channel, inbox("eprom").name, "not json", {})
    publish(clean_bus, envelopes(1))
    taker = Taker()
    consume(clean_bus, "eprom", taker, lambda: taker.seen and size(clean_bus, dead("eprom")) == 2)

    assert (taker.seen, size(clean_bus, dead("eprom"))) == ([1], 2)


@pytest.mark.rabbitmq
@pytest.mark.req("BUS-01")
def test_what_was_not_acknowledged_comes_again(clean_bus):
    publish(clean_bus, envelopes(5))

    def die(_batch):
        raise OSError

    first = threading.Event()
    consume(clean_bus, "eprom", lambda batch: first.set() or die(batch), first.is_set)
    taker = Taker()
    consume(clean_bus, "eprom", taker, lambda: len(taker.seen) >= 5)

    assert taker.seen == [1, 2, 3, 4, 5]


@pytest.mark.req("BUS-01")
def test_every_event_has_a_listener():
    heard = {producer for producers in LISTENS.values() for producer in producers}

    assert heard == set(PRODUCERS)
    assert {event.split(".")[0] for event in all_events()} == set(PRODUCERS)


@pytest.mark.parametrize(
    ("pattern", "key", "expected"),
    [
        ("registration.#", "registration", True),
        ("registration.#", "registration.course_opened.v1", True),
        ("registration.#", "registrations.course_opened.v1", False),
        ("#.v1", "v1", True),
        ("*.course_opened.*", "registration.course_opened.v1", True),
        ("*.course_opened", "registration.course_opened.v1", False),
        ("#", "", True),
    ],
)
def test_topics_match_by_the_rules_of_amqp(pattern, key, expected):
    assert topic_matches(pattern, key) is expected


@pytest.mark.req("BUS-01")
def test_a_pipe_of_a_dead_consumer_is_cleared_away_and_a_living_one_is_rung(tmp_path):
    living = Ear(tmp_path / "bells")
    dead = tmp_path / "bells" / "dead"
    os.mkfifo(dead)
    ring_all(tmp_path / "bells")
    living.wait(30)
    assert not dead.exists()
    living.close()
    ring_all(tmp_path / "bells")

    assert not list((tmp_path / "bells").iterdir())
