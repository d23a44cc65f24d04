"""Publishing in batches: many messages in flight, each confirmed, none silently dropped."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import amqp
import orjson
from kombu import Connection
from kombu.exceptions import KombuError, OperationalError

from shared.bus.confirms import Confirms
from shared.bus.frames import FrameMaker, Outgoing
from shared.bus.topology import EXCHANGE, connect, declare
from shared.contracts.envelope import Envelope, to_cloudevent
from shared.observability.faults import crash_point
from shared.outbox.relay import PublishFailed

CONTENT_TYPE = "application/cloudevents+json"
# What a lost or unwilling bus raises, of either kind.
BUS_ERRORS = (OSError, amqp.exceptions.AMQPError, KombuError, OperationalError, sqlite3.Error)
_CONNECT_SECONDS, _CONFIRM_SECONDS = 5, 30.0
_PERSISTENT = 2


class BatchPublisher:
    """Publishes envelopes; one of these belongs to one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._channel: Any = None

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Publish a batch and wait until all of it is safe; raises PublishFailed when any of it is not."""
        if not envelopes:
            return
        messages = [Outgoing(e.name, e.id, orjson.dumps(to_cloudevent(e))) for e in envelopes]
        try:
            self._connect()
            if hasattr(self._channel, "batch"):
                self._to_file(messages)
            else:
                self._to_broker(messages)
        except PublishFailed:
            self.abandon()
            raise
        except BUS_ERRORS as error:
            self.abandon()
            raise PublishFailed(type(error).__name__) from error

    def tick(self) -> None:
        """Answer the broker's heartbeats; to be called every few seconds while there is nothing to publish."""
        if self._connection is not None and self._connection.supports_heartbeats:
            try:
                self._connection.heartbeat_check()
                with suppress(TimeoutError):
                    self._connection.drain_events(timeout=0.001)
            except BUS_ERRORS:
                self.abandon()

    def close(self) -> None:
        """Close the connection; the next publish opens a new one."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with suppress(*BUS_ERRORS):
                connection.release()

    def abandon(self) -> None:
        """Drop the connection without a word to the broker, who may be the one that does not answer."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with suppress(*BUS_ERRORS):
                connection.collect(socket_timeout=0.1)

    def _connect(self) -> None:
        if self._channel is not None:
            return
        self._connection = connect(self._url)
        self._connection.ensure_connection(max_retries=1, timeout=_CONNECT_SECONDS)
        declare(self._connection)
        channel = self._connection.channel()
        if not hasattr(channel, "batch"):
            self._confirms = Confirms(channel)
            frame_max = channel.connection.frame_max
            self._maker = FrameMaker(channel.channel_id, frame_max, EXCHANGE.name, CONTENT_TYPE)
        self._channel = channel

    def _to_file(self, messages: Sequence[Outgoing]) -> None:
        with self._channel.batch():
            for message in messages:
                put(self._channel, EXCHANGE.name, message.routing_key, message.body.decode(), {}, message.message_id)
            crash_point("publisher.after_send_before_confirm")

    def _to_broker(self, messages: Sequence[Outgoing]) -> None:
        self._confirms.expect(len(messages))
        self._channel.connection.transport.write(self._maker.frames(messages))
        crash_point("publisher.after_send_before_confirm")
        while self._confirms.are_open:
            # A broker that blocks publishers answers nothing; after this long the batch counts as not sent.
            self._channel.connection.drain_events(timeout=_CONFIRM_SECONDS)
        if self._confirms.refused:
            raise PublishFailed(self._confirms.refused[0])


def put(
    channel: Any, exchange: str, routing_key: str, body: str, headers: Mapping[str, Any], message_id: str | None
) -> None:
    """Publish one message, mandatory, on a channel of the embedded bus."""
    message = {
        "body": body,
        "content-encoding": "utf-8",
        "content-type": CONTENT_TYPE,
        "headers": dict(headers),
        "properties": {"delivery_mode": _PERSISTENT, "message_id": message_id},
    }
    channel.basic_publish(message, exchange, routing_key, mandatory=True)


def publish_copy(
    channel: Any, queue: str, body: str, headers: Mapping[str, Any], message_id: str | None = None
) -> None:
    """Put a delivery into another queue, safely, before the original is acknowledged."""
    if hasattr(channel, "batch"):
        put(channel, "", queue, body, headers, message_id)
        return
    message = amqp.Message(
        body,
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        delivery_mode=_PERSISTENT,
        message_id=message_id,
        application_headers=dict(headers),
    )
    channel.basic_publish_confirm(message, "", queue, mandatory=True, timeout=_CONFIRM_SECONDS)
