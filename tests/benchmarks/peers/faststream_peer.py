"""FastStream: the publishings of a batch in flight together, one transaction a message, acknowledged after it."""

from __future__ import annotations

import asyncio
import logging

from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitQueue

from tests.benchmarks.peers.store import open_store
from tests.benchmarks.peers.turn import take_part

PREFETCH = 50


def _broker(settings):
    broker = RabbitBroker(settings["bus"], default_channel=Channel(prefetch_count=PREFETCH), log_level=logging.ERROR)
    return broker, RabbitQueue(settings["queue"], queue_type=QueueType.QUORUM, durable=True)


def relay(settings, turn):
    async def work():
        broker, queue = _broker(settings)
        store = open_store(settings["source"])
        async with broker:
            await broker.declare_queue(queue)
            turn.await_start()
            events = True
            while events:
                with store.oldest() as events:
                    await asyncio.gather(*(broker.publish(event, queue, persist=True) for event in events))
        turn.done()

    asyncio.run(work())


def consume(settings, turn):
    broker, queue = _broker(settings)
    store = open_store(settings["target"])

    @broker.subscriber(queue)
    async def take(event: dict):
        turn.count(store.apply(event))

    async def work():
        async with broker:
            await broker.start()
            turn.ready()
            await asyncio.Event().wait()

    asyncio.run(work())


if __name__ == "__main__":
    take_part(relay, consume)
