"""Celery: confirmed publishing, tasks acknowledged late, one transaction a task."""

from __future__ import annotations

from celery import Celery, signals

from tests.benchmarks.peers.store import open_store, relay_all
from tests.benchmarks.peers.turn import take_part

PREFETCH = 50
TASK = "take"


def _app(settings):
    app = Celery(broker=settings["bus"])
    app.conf.update(
        broker_transport_options={"confirm_publish": True},
        task_default_queue=settings["queue"],
        task_acks_late=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=PREFETCH,
        worker_redirect_stdouts=False,
    )
    return app


def relay(settings, turn):
    app = _app(settings)
    with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
        connection.ensure_connection(max_retries=1)

        def publish(events):
            for event in events:
                app.send_task(TASK, args=(event,), producer=producer)

        relay_all(settings, turn, publish)


def consume(settings, turn):
    app = _app(settings)
    store = open_store(settings["target"])

    @app.task(name=TASK)
    def take(event):
        turn.count(store.apply(event))

    signals.worker_ready.connect(lambda **_: turn.ready(), weak=False)
    app.Worker(pool="solo", loglevel="ERROR", without_gossip=True, without_mingle=True, quiet=True).start()


if __name__ == "__main__":
    take_part(relay, consume)
