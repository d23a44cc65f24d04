"""dramatiq: confirmed publishing, its usual eight threads, one transaction a message, acknowledged after it."""

from __future__ import annotations

import threading

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from tests.benchmarks.peers.store import open_store, relay_all
from tests.benchmarks.peers.turn import take_part

THREADS = 8


def _actor(settings, work):
    broker = RabbitmqBroker(url=settings["bus"], confirm_delivery=True)
    return broker, dramatiq.actor(work, actor_name="take", queue_name=settings["queue"], broker=broker)


def relay(settings, turn):
    _, take = _actor(settings, lambda event: None)

    def publish(events):
        for event in events:
            take.send(event)

    relay_all(settings, turn, publish)


def consume(settings, turn):
    here, one_counts = threading.local(), threading.Lock()

    def work(event):
        if not hasattr(here, "store"):
            here.store = open_store(settings["target"])
        is_new = here.store.apply(event)
        with one_counts:
            turn.count(is_new)

    broker, _ = _actor(settings, work)
    dramatiq.Worker(broker, worker_threads=THREADS).start()
    turn.ready()
    threading.Event().wait()


if __name__ == "__main__":
    take_part(relay, consume)
