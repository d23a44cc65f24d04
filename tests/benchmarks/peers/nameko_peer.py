"""nameko: events dispatched with confirms, a reliable handler, one transaction an event, acknowledged after it."""

from __future__ import annotations

import warnings

warnings.simplefilter("ignore")
import eventlet  # noqa: E402 - its warning is known

eventlet.monkey_patch()

from nameko.events import event_handler  # noqa: E402 - after the patch
from nameko.runners import ServiceRunner  # noqa: E402
from nameko.standalone.events import event_dispatcher  # noqa: E402

from tests.benchmarks.peers.store import open_store, relay_all  # noqa: E402
from tests.benchmarks.peers.turn import take_part  # noqa: E402

SOURCE, EVENT = "release", "delivered"


def _config(settings):
    return {"AMQP_URI": settings["bus"]}


def relay(settings, turn):
    dispatch = event_dispatcher(_config(settings))

    def publish(events):
        for event in events:
            dispatch(SOURCE, EVENT, event)

    relay_all(settings, turn, publish)


def consume(settings, turn):
    store = open_store(settings["target"])

    class Listener:
        name = "bench"

        @event_handler(SOURCE, EVENT)
        def take(self, event):
            turn.count(store.apply(event))

    runner = ServiceRunner(_config(settings))
    runner.add_service(Listener)
    runner.start()
    turn.ready()
    runner.wait()


if __name__ == "__main__":
    take_part(relay, consume)
