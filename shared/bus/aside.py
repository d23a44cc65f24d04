"""What failed goes back through a pause or to the dead letters, safely, before the delivery is acknowledged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import orjson
from kombu import Connection

from shared.bus.publisher import BUS_ERRORS, publish_copy
from shared.bus.topology import RETRY_SECONDS, connect, dead, retry
from shared.contracts.envelope import Envelope, to_cloudevent
from shared.observability.faults import crash_point
from shared.observability.log import get_logger

_PARTING_SECONDS = 0.1
_log = get_logger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A message as it came: body, headers and the id of its event, if it told one."""

    body: str
    headers: Mapping[str, Any]
    event_id: str | None

    @classmethod
    def of_message(cls, message: Any) -> Self:
        """What a queue has delivered."""
        body = message.body if isinstance(message.body, str) else bytes(message.body).decode("utf-8", "replace")
        return cls(body, message.headers or {}, message.properties.get("message_id"))

    @classmethod
    def of_envelope(cls, envelope: Envelope) -> Self:
        """What was parked and now goes its own way."""
        return cls(orjson.dumps(to_cloudevent(envelope)).decode(), {}, envelope.id)

    @property
    def failures(self) -> int:
        """How many attempts have failed so far."""
        count = self.headers.get("x-attempts", 0)
        return count if isinstance(count, int) else 0


class Aside:
    """Puts failed deliveries of one service where they belong, over a connection of its own: a broker short of disk
    stops connections that publish, and the consumer must go on.
    """

    def __init__(
        self, url: str, service: str, now: Callable[[], datetime], pauses: Sequence[int] = RETRY_SECONDS
    ) -> None:
        self._url, self._service, self._now, self._pauses = url, service, now, pauses
        self._connection: Connection | None = None

    def close(self) -> None:
        """Close the connection, if one was needed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect(socket_timeout=_PARTING_SECONDS)

    def failed(self, delivery: Delivery, reason: str) -> None:
        """Have it tried again after a pause, or no more after the last attempt."""
        if delivery.failures >= len(self._pauses):
            self.bury(delivery, reason)
            return
        queue = retry(self._service, self._pauses[delivery.failures]).name
        self._publish(queue, delivery, self._headers(delivery, reason))

    def bury(self, delivery: Delivery, reason: str) -> None:
        """Put it to the dead letters, where a person finds it."""
        headers = self._headers(delivery, reason)
        crash_point("consumer.before_dead_letter")
        self._publish(dead(self._service).name, delivery, headers)
        crash_point("consumer.after_dead_letter_before_ack")
        _log.error("event set aside", event_id=delivery.event_id, reason=reason, attempts=headers["x-attempts"])

    def _publish(self, queue: str, delivery: Delivery, headers: Mapping[str, Any]) -> None:
        try:
            publish_copy(self._open_channel(), queue, delivery.body, headers, delivery.event_id)
        except BUS_ERRORS:
            # It may have been idle for long, and given up by the broker: once more over a new one.
            self.close()
            publish_copy(self._open_channel(), queue, delivery.body, headers, delivery.event_id)

    def _open_channel(self) -> Any:
        if self._connection is None:
            self._connection = connect(self._url)
            self._channel = self._connection.channel()
            if not hasattr(self._channel, "batch"):
                self._channel.confirm_select()
        return self._channel

    def _headers(self, delivery: Delivery, reason: str) -> dict[str, Any]:
        now = self._now().isoformat()
        return {
            "x-attempts": delivery.failures + 1,
            "x-reason": reason,
            "x-first-failed-at": delivery.headers.get("x-first-failed-at", now),
            "x-last-failed-at": now,
        }
