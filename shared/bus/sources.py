"""Where a consumer's messages come from: a queue of the broker, or one in the file of the embedded bus."""

from collections.abc import Sequence
from typing import Any, Protocol

from kombu import Connection, Consumer, Queue

from shared.bus.deliveries import DeliveryReader

_PREFETCH = 300


class Source(Protocol):
    """An open subscription to one queue."""

    def wait(self, seconds: float) -> None:
        """Put what arrives into the list of pending messages; raises TimeoutError when nothing does."""
        ...

    def acknowledge(self, messages: Sequence[Any]) -> None:
        """Say that these messages are done with; all earlier ones are, too."""
        ...


class BrokerSource:
    """RabbitMQ: one acknowledgement answers for all deliveries up to it."""

    def __init__(self, connection: Connection, channel: Any, pending: list[Any]) -> None:
        self._connection, self._channel = connection, channel
        self._reader = DeliveryReader(channel, pending.append)

    def wait(self, seconds: float) -> None:
        """Read what has arrived and keep the connection alive."""
        self._connection.heartbeat_check()
        self._reader.drain(seconds)

    def acknowledge(self, messages: Sequence[Any]) -> None:
        """One acknowledgement for all."""
        self._channel.basic_ack(messages[-1].delivery_tag, multiple=True)


class FileSource:
    """The embedded bus: each message is acknowledged, all in one commit."""

    def __init__(self, connection: Connection, channel: Any) -> None:
        self._connection, self._channel = connection, channel

    def wait(self, seconds: float) -> None:
        """Lease what is there."""
        self._connection.drain_events(timeout=seconds)

    def acknowledge(self, messages: Sequence[Any]) -> None:
        """Each one, as kombu's virtual transports know no other way."""
        for message in messages:
            self._channel.basic_ack(message.delivery_tag)
        self._channel.flush_acks()


def subscribe(connection: Connection, queue: Queue, pending: list[Any]) -> Source:
    """Have a queue's messages put into `pending`, for as long as the connection lives."""
    channel = connection.channel()
    channel.basic_qos(0, _PREFETCH, False)
    Consumer(channel, [queue], on_message=pending.append, auto_declare=False).consume()
    if hasattr(channel, "flush_acks"):
        return FileSource(connection, channel)
    return BrokerSource(connection, channel, pending)
