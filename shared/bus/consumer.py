"""Consuming in batches: one transaction, one acknowledgement; what fails is tried again with pauses, then set aside."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson

from shared.bus.aside import Aside, Delivery
from shared.bus.publisher import BUS_ERRORS
from shared.bus.sources import Source, subscribe
from shared.bus.topology import RETRY_SECONDS, connect, declare, inbox
from shared.contracts.envelope import Envelope, from_cloudevent
from shared.contracts.event import MalformedEvent, UnknownEvent
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import get_logger
from shared.observability.metrics import TAKEN
from shared.outbox.inbox import Outcome, Result

Take = Callable[[Sequence[Envelope]], list[Outcome]]
_IDLE_SECONDS, _RECONNECT_SECONDS = 0.5, 1.0
_CONNECT_SECONDS, _PARTING_SECONDS = 5, 0.1
_log = get_logger(__name__)


class BusConsumer:
    """Takes the events of one service from its inbox queue, at most `batch` at a time; `pauses` are in seconds."""

    def __init__(
        self,
        url: str,
        service: str,
        take: Take,
        now: Callable[[], datetime],
        batch: int = 100,
        pauses: Sequence[int] = RETRY_SECONDS,
    ) -> None:
        self._url, self._service, self._take, self._now, self._batch = url, service, take, now, batch
        self._pauses = pauses
        self._pending: list[Any] = []

    def run(self, stop: threading.Event) -> None:
        """Consume until told to stop; a lost connection is opened again."""
        while not stop.is_set():
            try:
                self._consume(stop)
            except (*BUS_ERRORS, DatabaseUnavailable) as error:
                _log.warning("consumer waits", error=type(error).__name__)
                stop.wait(_RECONNECT_SECONDS)

    def _consume(self, stop: threading.Event) -> None:
        self._pending.clear()
        connection = connect(self._url)
        aside = Aside(self._url, self._service, self._now, self._pauses)
        try:
            connection.ensure_connection(max_retries=1, timeout=_CONNECT_SECONDS)
            declare(connection)
            source = subscribe(connection, inbox(self._service), self._pending)
            while not stop.is_set():
                self._gather(source)
                self._handle(source, aside)
            connection.release()
        finally:
            # After an error nobody is waited for: what was not acknowledged comes again.
            connection.collect(socket_timeout=_PARTING_SECONDS)
            aside.close()

    def _gather(self, source: Source) -> None:
        """Wait for the first message, then take what is already there."""
        pause = 0.0 if self._pending else _IDLE_SECONDS
        while len(self._pending) < self._batch:
            try:
                source.wait(pause)
            except TimeoutError:
                return
            pause = 0.0

    def _handle(self, source: Source, aside: Aside) -> None:
        messages = self._pending[: self._batch]
        del self._pending[: self._batch]
        if not messages:
            return
        began, good = time.monotonic(), self._readable(messages, aside)
        outcomes = self._take([envelope for _, envelope in good]) if good else []
        for (message, _), outcome in zip(good, outcomes, strict=True):
            if outcome.result is Result.FAILED:
                aside.failed(Delivery.of_message(message), outcome.error)
            if outcome.behind is not None:
                aside.failed(Delivery.of_envelope(outcome.behind.envelope), outcome.behind.error)
        crash_point("consumer.after_commit_before_ack")
        source.acknowledge(messages)
        counted = Counter(outcome.result.value for outcome in outcomes)
        for result, count in counted.items():
            TAKEN.labels(self._service, result).inc(count)
        _log.info("events taken", **counted, milliseconds=round((time.monotonic() - began) * 1000, 1))

    def _readable(self, messages: Sequence[Any], aside: Aside) -> list[tuple[Any, Envelope]]:
        """The messages that are events we know; what is none will not become one by trying again."""
        good = []
        for message in messages:
            try:
                good.append((message, from_cloudevent(orjson.loads(message.body))))
            except (MalformedEvent, UnknownEvent, orjson.JSONDecodeError, TypeError) as error:
                aside.bury(Delivery.of_message(message), type(error).__name__)
        return good
