"""The design one begins with: publish and wait one by one, a transaction and an acknowledgement an event."""

from __future__ import annotations

import json

from kombu import Connection, Consumer, Exchange, Producer, Queue

from tests.benchmarks.peers.store import open_store, relay_all
from tests.benchmarks.peers.turn import take_part

PREFETCH = 50


def relay(settings, turn):
    with Connection(settings["bus"], transport_options={"confirm_publish": True}) as connection:
        producer = Producer(connection.channel(), exchange=Exchange(settings["exchange"]), auto_declare=False)

        def publish(events):
            for event in events:
                producer.publish(json.dumps(event), routing_key=event["type"], mandatory=True, delivery_mode=2)

        relay_all(settings, turn, publish)


def consume(settings, turn):
    store = open_store(settings["target"])

    def take(message):
        turn.count(store.apply(json.loads(message.body)))
        message.ack()

    with Connection(settings["bus"]) as connection, connection.channel() as channel:
        channel.basic_qos(0, PREFETCH, False)
        queue = Queue(settings["queue"], no_declare=True)
        with Consumer(channel, [queue], on_message=take, auto_declare=False):
            turn.ready()
            while True:
                connection.drain_events()


if __name__ == "__main__":
    take_part(relay, consume)
