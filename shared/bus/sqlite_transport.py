"""A kombu transport over one SQLite file: topic rules of AMQP, nothing lost when a process dies."""

import json
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from kombu.transport import virtual

from shared.bus.sqlite_file import BusFile

_LEASE_SIZE = 64
_LOOK_SECONDS = 0.25
_REAP_SECONDS = 1.0


class Channel(virtual.Channel):  # type: ignore[misc] # kombu has no types
    """One channel with a connection of its own to the file."""

    do_restore = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.file = BusFile(self.connection.client.virtual_host)
        self._taken: dict[str, deque[tuple[int, str]]] = {}
        self._handled: list[int] = []
        self._empty_version = -1
        self._next_look = self._next_reap = 0.0
        self.file.reap()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Publish several messages in one commit."""
        with self.file.transaction():
            yield

    def flush_acks(self) -> None:
        """Delete what was acknowledged since the last call, in one commit."""
        if self._handled:
            done, self._handled = self._handled, []
            self.file.acknowledge(done)

    def exchange_declare(self, exchange: Any = None, type: str = "direct", **options: Any) -> None:  # noqa: A002
        """Remember an exchange for all processes."""
        super().exchange_declare(exchange=exchange, type=type, **options)
        if exchange:
            self.file.declare_exchange(exchange, type)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Acknowledge; the row goes with the next `flush_acks`."""
        super().basic_ack(delivery_tag, multiple)
        self._handled.append(int(delivery_tag))

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Give back or drop."""
        self.qos.ack(delivery_tag)
        (self.file.release if requeue else self.file.acknowledge)([int(delivery_tag)])

    def close(self) -> None:
        """Give back what was taken and not acknowledged."""
        if not self.closed:
            self.flush_acks()
            self.file.close()
        super().close()

    def _new_queue(self, queue: str, **options: Any) -> None:
        self.file.declare_queue(queue, options.get("arguments") or {})

    def _has_queue(self, queue: str, **_options: Any) -> bool:
        return self.file.has_queue(queue)

    def queue_bind(self, queue: str, exchange: str = "", routing_key: str = "", **_options: Any) -> None:
        """Remember a binding for all processes."""
        self.file.bind(exchange, routing_key, queue)

    def get_table(self, exchange: str) -> list[tuple[str, str, str]]:
        """Bindings of an exchange, as kombu asks for them."""
        return [(key, "", queue) for key, queue in self.file.bindings(exchange)]

    def _lookup(self, exchange: str, routing_key: str, default: Any = None) -> list[str]:
        _ = default
        return self.file.queues_for(exchange, routing_key) if exchange else [routing_key]

    def _put(self, queue: str, message: Any, **_options: Any) -> None:
        self.file.put(queue, json.dumps(message))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        _ = timeout
        taken = self._taken.setdefault(queue, deque())
        if not taken:
            self._fill(queue, taken)
        number, body = taken.popleft()
        message = json.loads(body)
        message["properties"]["delivery_tag"] = str(number)
        return message

    def _fill(self, queue: str, taken: deque[tuple[int, str]]) -> None:
        now, version = time.monotonic(), self.file.data_version()
        if now >= self._next_reap:
            self._next_reap = now + _REAP_SECONDS
            self.file.reap()
        if version == self._empty_version and now < self._next_look:
            raise Empty
        taken.extend(self.file.take(queue, _LEASE_SIZE))
        if not taken:
            self._empty_version, self._next_look = version, now + _LOOK_SECONDS
            raise Empty

    def _size(self, queue: str) -> int:
        return self.file.size(queue)

    def _purge(self, queue: str) -> int:
        return self.file.purge(queue)


class Transport(virtual.Transport):  # type: ignore[misc] # kombu has no types
    """`sqlitebus:///path/of/the/file`."""

    Channel = Channel
    default_port = 0
    polling_interval = 0.003
    driver_type = "sqlitebus"
    driver_name = "sqlite3"
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset({"direct", "topic"}), heartbeats=False
    )

    def driver_version(self) -> str:
        """Version of the file format."""
        return "1"
