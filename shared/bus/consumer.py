"""Consuming in batches: one transaction, one acknowledgement; what fails is tried again with pauses, then set aside."""

import json
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import amqp
from kombu import Connection, Consumer
from kombu.exceptions import OperationalError

from shared.bus.publisher import publish_copy
from shared.bus.topology import MOST_ATTEMPTS, RETRY_SECONDS, connect, dead, declare, inbox, retry
from shared.contracts.envelope import Envelope, from_cloudevent
from shared.contracts.event import MalformedEvent, UnknownEvent
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import get_logger
from shared.outbox.inbox import Outcome, Result

Take = Callable[[Sequence[Envelope]], list[Outcome]]
_BATCH, _PREFETCH = 100, 300
_IDLE_SECONDS, _LINGER_SECONDS, _RECONNECT_SECONDS = 0.2, 0.0005, 1.0
_log = get_logger(__name__)


class BusConsumer:
    """Takes the events of one service from its inbox queue."""

    def __init__(self, url: str, service: str, take: Take, now: Callable[[], datetime]) -> None:
        self._url, self._service, self._take, self._now = url, service, take, now
        self._pending: list[Any] = []

    def run(self, stop: threading.Event) -> None:
        """Consume until told to stop; a lost connection is opened again."""
        while not stop.is_set():
            try:
                self._consume(stop)
            except (OSError, amqp.exceptions.AMQPError, OperationalError, DatabaseUnavailable) as error:
                _log.warning("consumer waits", error=type(error).__name__)
                stop.wait(_RECONNECT_SECONDS)

    def _consume(self, stop: threading.Event) -> None:
        self._pending.clear()
        with connect(self._url) as connection:
            declare(connection)
            channel = connection.channel()
            channel.basic_qos(0, _PREFETCH, False)
            with connection.channel() as aside, self._consumer(channel):
                if not hasattr(aside, "batch"):
                    aside.confirm_select()
                while not stop.is_set():
                    self._gather(connection)
                    if self._pending:
                        self._handle(channel, aside)

    def _consumer(self, channel: Any) -> Consumer:
        return Consumer(channel, [inbox(self._service)], on_message=self._pending.append, auto_declare=False)

    def _gather(self, connection: Connection) -> None:
        """Wait for the first message, then take what is already there."""
        pause = _IDLE_SECONDS
        while len(self._pending) < _BATCH:
            try:
                connection.drain_events(timeout=pause)
            except TimeoutError:
                break
            pause = _LINGER_SECONDS
        connection.heartbeat_check()

    def _handle(self, channel: Any, aside: Any) -> None:
        messages, self._pending[:] = list(self._pending), []
        good: list[tuple[Any, Envelope]] = []
        for message in messages:
            try:
                good.append((message, from_cloudevent(json.loads(message.body))))
            except (MalformedEvent, UnknownEvent, ValueError) as error:
                self._set_aside(aside, message, type(error).__name__)
        outcomes = self._take([envelope for _, envelope in good]) if good else []
        for (message, _), outcome in zip(good, outcomes, strict=True):
            if outcome.result is Result.FAILED:
                self._try_later(aside, message, outcome.error)
        crash_point("consumer.after_commit_before_ack")
        _acknowledge(channel, messages)

    def _try_later(self, aside: Any, message: Any, reason: str) -> None:
        attempts = int(message.headers.get("x-attempts", 0)) + 1
        if attempts >= MOST_ATTEMPTS:
            self._set_aside(aside, message, reason)
            return
        queue = retry(self._service, RETRY_SECONDS[attempts - 1]).name
        publish_copy(aside, queue, _text(message), self._headers(message, reason, attempts))

    def _set_aside(self, aside: Any, message: Any, reason: str) -> None:
        crash_point("consumer.before_dead_letter")
        attempts = int(message.headers.get("x-attempts", 0)) + 1
        publish_copy(aside, dead(self._service).name, _text(message), self._headers(message, reason, attempts))
        crash_point("consumer.after_dead_letter_before_ack")
        _log.error("event set aside", event_id=message.properties.get("message_id"), reason=reason, attempts=attempts)

    def _headers(self, message: Any, reason: str, attempts: int) -> dict[str, Any]:
        now = self._now().isoformat()
        first = message.headers.get("x-first-failed-at", now)
        return {"x-attempts": attempts, "x-reason": reason, "x-first-failed-at": first, "x-last-failed-at": now}


def _text(message: Any) -> str:
    return message.body if isinstance(message.body, str) else bytes(message.body).decode("utf-8", "replace")


def _acknowledge(channel: Any, messages: Sequence[Any]) -> None:
    if hasattr(channel, "flush_acks"):
        for message in messages:
            channel.basic_ack(message.delivery_tag)
        channel.flush_acks()
    else:
        channel.basic_ack(messages[-1].delivery_tag, multiple=True)
