"""Publishing in batches: many messages in flight, each confirmed, none silently dropped."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import amqp
from kombu import Connection, Producer
from kombu.exceptions import OperationalError

from shared.bus.topology import EXCHANGE, connect, declare
from shared.contracts.envelope import Envelope, to_cloudevent
from shared.observability.faults import crash_point
from shared.outbox.relay import PublishFailed

CONTENT_TYPE = "application/cloudevents+json"
_CONFIRM_SECONDS = 30.0
_PERSISTENT = 2
_CONNECTION_ERRORS = (OSError, amqp.exceptions.AMQPError, OperationalError)


def properties_of(envelope: Envelope) -> dict[str, Any]:
    """What travels in the headers, for dispatch and for people who look at a queue."""
    return {
        "content_type": CONTENT_TYPE,
        "content_encoding": "utf-8",
        "message_id": envelope.id,
        "type": envelope.name,
        "delivery_mode": _PERSISTENT,
    }


class BatchPublisher:
    """Publishes envelopes; one of these belongs to one thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._channel: Any = None
        self._failed: list[str] = []
        self._open: set[int] = set()

    def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Publish a batch and wait until all of it is safe; raises PublishFailed when any of it is not."""
        if not envelopes:
            return
        try:
            channel = self._ready_channel()
            if hasattr(channel, "batch"):
                self._to_file(channel, envelopes)
            else:
                self._to_broker(channel, envelopes)
        except _CONNECTION_ERRORS as error:
            self.close()
            raise PublishFailed(type(error).__name__) from error

    def close(self) -> None:
        """Close the connection; the next publish opens a new one."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with suppress(*_CONNECTION_ERRORS):  # it may be gone already, which is what is wanted
                connection.release()

    def _ready_channel(self) -> Any:
        if self._channel is None:
            self._connection = connect(self._url)
            self._connection.ensure_connection(max_retries=1, timeout=5)
            declare(self._connection)
            self._channel = self._connection.channel()
            if not hasattr(self._channel, "batch"):
                self._channel.confirm_select()
                self._channel.events["basic_ack"].add(self._on_ack)
                self._channel.events["basic_nack"].add(self._on_nack)
                self._channel.events["basic_return"].add(self._on_return)
                self._sent = 0
        return self._channel

    def _to_file(self, channel: Any, envelopes: Sequence[Envelope]) -> None:
        producer = Producer(channel, exchange=EXCHANGE, auto_declare=False)
        with channel.batch():
            for envelope in envelopes:
                body = json.dumps(to_cloudevent(envelope), separators=(",", ":"))
                producer.publish(body, routing_key=envelope.name, **properties_of(envelope))

    def _to_broker(self, channel: Any, envelopes: Sequence[Envelope]) -> None:
        self._failed.clear()
        self._open.clear()
        for envelope in envelopes:
            body = json.dumps(to_cloudevent(envelope), separators=(",", ":"))
            message = amqp.Message(body, **properties_of(envelope))
            channel.basic_publish(message, EXCHANGE.name, envelope.name, mandatory=True)
            self._sent += 1
            self._open.add(self._sent)
        crash_point("publisher.after_send_before_confirm")
        while self._open:
            self._connection.drain_events(timeout=_CONFIRM_SECONDS)  # type: ignore[union-attr]
        if self._failed:
            self.close()
            raise PublishFailed(self._failed[0])

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001 - the library's signature
        self._open = {tag for tag in self._open if tag > delivery_tag} if multiple else self._open - {delivery_tag}

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001 - the library's signature
        self._failed.append("nack")
        self._on_ack(delivery_tag, multiple)

    def _on_return(self, _error: Exception, _exchange: str, routing_key: str, _message: Any) -> None:
        self._failed.append(f"nobody listens to {routing_key}")


def publish_copy(channel: Any, queue: str, body: str, headers: Mapping[str, Any]) -> None:
    """Put a delivery into another queue, confirmed, before the original is acknowledged."""
    if hasattr(channel, "batch"):
        Producer(channel, auto_declare=False).publish(
            body, routing_key=queue, headers=dict(headers), content_type=CONTENT_TYPE, content_encoding="utf-8"
        )
        return
    message = amqp.Message(
        body,
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        delivery_mode=_PERSISTENT,
        application_headers=headers,
    )
    channel.basic_publish_confirm(message, "", queue, mandatory=True, timeout=_CONFIRM_SECONDS)
