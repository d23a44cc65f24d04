"""A kombu transport over one SQLite file: topic rules of AMQP, nothing lost when a process dies."""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from queue import Empty
from typing import Any

import orjson
from kombu.exceptions import ChannelError
from kombu.transport import virtual

from shared.bus.sqlite_bells import Ear
from shared.bus.sqlite_file import BusFile
from shared.bus.sqlite_leases import Leases

_LEASE_SIZE = 100  # as many as a consumer handles in one transaction
_LOOK_SECONDS = 0.25  # how long a message may lie that became visible without a commit, after its pause
_REAP_SECONDS = 1.0
_NO_ROUTE = ((60, 40), "basic.publish", "312")


class Taken:
    """One delivery, as far as anybody here reads it; kombu's own message costs more than reading the row."""

    __slots__ = ("accept", "body", "delivery_tag", "headers", "properties")
    errors = ()

    def __init__(self, payload: Mapping[str, Any], channel: Any) -> None:
        _ = channel
        self.body, self.headers, self.properties = payload["body"], payload["headers"], payload["properties"]
        self.delivery_tag = self.properties["delivery_tag"]


class Channel(virtual.Channel):  # type: ignore[misc] # kombu has no types
    """A channel; all channels of a connection share its file and its lease."""

    Message = Taken
    do_restore = False
    body_encoding = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        opened: tuple[BusFile, Leases] = self.connection.open_file()
        self._file, self._leases = opened
        self._taken: dict[str, deque[tuple[int, str]]] = {}
        self._held: set[int] = set()
        self._handled: list[int] = []
        self._empty: dict[str, tuple[int, float]] = {}
        self._next_reap = 0.0

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Publish several messages in one commit."""
        with self._file.transaction():
            yield

    def flush_acks(self) -> None:
        """Delete what was acknowledged since the last call, in one commit."""
        done, self._handled = self._handled, []
        self._leases.acknowledge(done)

    def exchange_declare(self, exchange: Any = None, type: str = "direct", **options: Any) -> None:  # noqa: A002
        """Remember an exchange for all processes."""
        super().exchange_declare(exchange=exchange, type=type, **options)
        if exchange:
            self._file.declare_exchange(exchange, type)

    def queue_bind(self, queue: str, exchange: str = "", routing_key: str = "", **_options: Any) -> None:
        """Remember a binding for all processes."""
        self._file.bind(exchange, routing_key, queue)

    def queue_delete(self, queue: str, **_options: Any) -> None:
        """Remove a queue with its bindings and messages."""
        self._file.drop_queue(queue)

    def get_table(self, exchange: str) -> list[tuple[str, str, str]]:
        """Bindings of an exchange, as kombu asks for them."""
        return [(key, "", queue) for key, queue in self._file.bindings(exchange)]

    def basic_publish(self, message: Any, exchange: str, routing_key: str, **options: Any) -> None:
        """Put a message into every queue it is routed to; a mandatory one must reach at least one."""
        reached = self._file.put(exchange, routing_key, orjson.dumps(message).decode())
        if not reached and options.get("mandatory"):
            raise ChannelError(f"NO_ROUTE for {routing_key}", *_NO_ROUTE)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Acknowledge; the row goes with the next `flush_acks`, at the latest before more is taken."""
        super().basic_ack(delivery_tag, multiple)
        self._held.discard(int(delivery_tag))
        self._handled.append(int(delivery_tag))

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Give back or drop."""
        self.qos.ack(delivery_tag)
        self._held.discard(int(delivery_tag))
        (self._leases.give_back if requeue else self._leases.acknowledge)([int(delivery_tag)])

    def close(self) -> None:
        """Give back what was taken and not acknowledged."""
        if not self.closed:
            self.flush_acks()
            self._leases.give_back(self._held)
        super().close()

    def _new_queue(self, queue: str, **options: Any) -> None:
        if not options.get("passive"):
            self._file.declare_queue(queue, options.get("arguments") or {})

    def _has_queue(self, queue: str, **_options: Any) -> bool:
        return self._file.arguments(queue) is not None

    def _put(self, queue: str, message: Any, **_options: Any) -> None:
        self._file.put("", queue, orjson.dumps(message).decode())

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        _ = timeout
        return self._read(self._available(queue).popleft())

    def _get_many(self, queues: Sequence[str], timeout: float | None = None) -> None:
        """Deliver everything that is leased; kombu asks for more when the prefetch limit allows it."""
        _ = timeout
        delivered = 0
        for queue in list(queues):
            try:
                waiting = self._available(queue)
            except Empty:
                continue
            while waiting and self.qos.can_consume():
                self.connection._deliver(self._read(waiting.popleft()), queue)  # noqa: SLF001 - as kombu's own do
                delivered += 1
        if not delivered:
            raise Empty

    def _read(self, row: tuple[int, str]) -> Any:
        message = orjson.loads(row[1])
        message["properties"]["delivery_tag"] = str(row[0])
        return message

    def _available(self, queue: str) -> deque[tuple[int, str]]:
        taken = self._taken.setdefault(queue, deque())
        if not taken:
            self._fill(queue, taken)
        return taken

    def _fill(self, queue: str, taken: deque[tuple[int, str]]) -> None:
        self.flush_acks()
        now, version = time.monotonic(), self._file.data_version()
        if now >= self._next_reap:
            self._next_reap = now + _REAP_SECONDS
            if self._leases.reap():
                self._empty.clear()
        seen_version, next_look = self._empty.get(queue, (-1, 0.0))
        if version == seen_version and now < next_look:
            raise Empty
        taken.extend(self._leases.take(queue, _LEASE_SIZE))
        self._held.update(number for number, _ in taken)
        if not taken:
            self._empty[queue] = (version, now + _LOOK_SECONDS)
            raise Empty

    def _size(self, queue: str) -> int:
        return self._file.size(queue)

    def _purge(self, queue: str) -> int:
        return self._file.purge(queue)


class Transport(virtual.Transport):  # type: ignore[misc] # kombu has no types
    """`sqlitebus:///path/of/the/file`."""

    Channel = Channel
    default_port = 0
    polling_interval = 0.05  # for what changes without a ring: given back, or visible after its pause
    driver_type = "sqlitebus"
    driver_name = "sqlite3"
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset({"direct", "topic"}), heartbeats=False
    )
    _opened: tuple[BusFile, Leases] | None = None
    _ear: Ear | None = None

    def open_file(self) -> tuple[BusFile, Leases]:
        """The connection's file and lease, opened at the first need."""
        if self._opened is None:
            file = BusFile(self.client.virtual_host)
            self._opened = (file, Leases(file))
        return self._opened

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Deliver what there is; waits at most so long for something and then raises TimeoutError."""
        _ = connection
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            with suppress(Empty):
                self.cycle.get(self._deliver, timeout=timeout)
                return
            left = self.polling_interval if end is None else min(self.polling_interval, end - time.monotonic())
            if left <= 0:
                raise TimeoutError
            if self._ear is None:
                self._ear = Ear(self.open_file()[0].bells)  # and look once more, for what came before
            else:
                self._ear.wait(left)

    def close_connection(self, connection: Any) -> None:
        """Close all channels, then the file."""
        super().close_connection(connection)
        if self._ear is not None:
            self._ear.close()
            self._ear = None
        if self._opened is not None:
            file, leases = self._opened
            self._opened = None
            leases.close()
            file.close()

    def driver_version(self) -> str:
        """Version of the file format."""
        return "1"
