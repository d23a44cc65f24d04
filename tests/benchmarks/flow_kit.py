"""The kit's own part in a contest: the relay and the consumer of a worker, as they run in operation."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher
from shared.bus.topology import LISTENS
from shared.observability.log import configure_logging
from shared.outbox.inbox import Inbox
from shared.outbox.relay import Relay
from shared.scheduling.clock import SystemClock
from tests.benchmarks.bench_publish import LISTENER
from tests.benchmarks.peers.turn import take_part
from tests.benchmarks.suite import HANDLERS, KIT, make_uow, open_database


def relay(settings, turn):
    publisher = BatchPublisher(settings["bus"])
    relay = Relay(open_database(settings["source"]), KIT, publisher.publish)
    publisher._connect()
    turn.await_start()
    relay.drain()
    turn.done()


class Listening(BusConsumer):
    """Tells when it is subscribed."""

    turn = None

    def _gather(self, source):
        if self.turn is not None:
            self.turn.ready()
            self.turn = None
        super()._gather(source)


def consume(settings, turn):
    inbox = Inbox(make_uow(open_database(settings["target"])), HANDLERS)

    def take(events):
        outcomes = inbox.take(events)
        turn.count(len(outcomes))
        return outcomes

    consumer = Listening(settings["bus"], LISTENER, take, SystemClock().now)
    consumer.turn = turn
    consumer.run(threading.Event())


if __name__ == "__main__":
    # One listener only: every contender's broker keeps one copy of a message.
    LISTENS.clear()
    LISTENS[LISTENER] = ("release",)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        configure_logging("bench", nowhere)
        take_part(relay, consume)
