"""Reading deliveries as they lie in the socket, many at a time; the library reads each frame with three calls."""

from collections.abc import Callable
from functools import cached_property
from struct import unpack_from
from typing import Any

from amqp.basic_message import Message
from amqp.exceptions import UnexpectedFrame

_METHOD, _HEADER, _BODY, _HEARTBEAT = 1, 2, 3, 8
_DELIVER = b"\x00\x3c\x00\x3c"
_HEAD, _END = 7, 1  # a frame's bytes before and after its payload
_READ_SIZE = 1 << 18


class Incoming:
    """One delivery. Headers and properties are read only when somebody asks for them."""

    def __init__(self, delivery_tag: int, header: bytes, body: bytes) -> None:
        self.delivery_tag, self.body, self._header = delivery_tag, body, header

    @cached_property
    def properties(self) -> dict[str, Any]:
        """The message's AMQP properties."""
        message = Message()
        message.inbound_header(self._header)
        return dict(message.properties)

    @property
    def headers(self) -> dict[str, Any]:
        """The application's headers."""
        return dict(self.properties.get("application_headers") or {})


class DeliveryReader:
    """Reads what arrives for one channel; everything that is no delivery goes to the library as usual."""

    def __init__(self, channel: Any, deliver: Callable[[Incoming], None]) -> None:
        self._connection, self._channel_id, self._deliver = channel.connection, channel.channel_id, deliver

    def drain(self, timeout: float) -> None:
        """Deliver everything that is there; waits at most so long for something and then raises TimeoutError."""
        transport = self._connection.transport
        with transport.having_timeout(timeout) as socket:
            arrived = socket.recv(_READ_SIZE)
        if not arrived:
            raise ConnectionResetError
        # The library keeps there what it has read too much, so both may read in turn.
        arrived = transport._read_buffer + arrived  # noqa: SLF001
        transport._read_buffer = b""  # noqa: SLF001
        at = self._frames(arrived)
        transport._read_buffer = arrived[at:]  # noqa: SLF001

    def _frames(self, arrived: bytes) -> int:
        at = 0
        while (following := self._after(arrived, at)) > at:
            at = following
        return at

    def _after(self, arrived: bytes, at: int) -> int:
        """Handle what begins at `at` and return where it ends; `at` itself when it is not complete."""
        end = _frame_end(arrived, at)
        if end is None:
            return at
        kind, channel, _size = unpack_from(">BHI", arrived, at)
        payload = arrived[at + _HEAD : end - _END]
        if kind == _METHOD and channel == self._channel_id and payload.startswith(_DELIVER):
            return self._message(arrived, at, end, payload)
        self._connection.on_inbound_frame((kind, channel, payload))
        return end

    def _message(self, arrived: bytes, begin: int, at: int, method: bytes) -> int:
        """Deliver the message whose method frame was read, if all of its frames are there."""
        header, parts, missing = b"", [], 1
        while missing > 0:
            end = _frame_end(arrived, at)
            if end is None:
                return begin
            kind, payload = arrived[at], arrived[at + _HEAD : end - _END]
            if kind == _HEADER:
                header, missing = payload, unpack_from(">Q", payload, 4)[0]
            elif kind == _BODY:
                parts.append(payload)
                missing -= len(payload)
            elif kind != _HEARTBEAT:
                raise UnexpectedFrame(f"frame of type {kind} inside a message")
            at = end
        (tag,) = unpack_from(">Q", method, 5 + method[4])
        self._connection.bytes_recv += 1  # a sign of life, for the heartbeats
        self._deliver(Incoming(tag, header, parts[0] if len(parts) == 1 else b"".join(parts)))
        return at


def _frame_end(arrived: bytes, at: int) -> int | None:
    if len(arrived) - at < _HEAD:
        return None
    end = at + _HEAD + int.from_bytes(arrived[at + 3 : at + _HEAD], "big") + _END
    return end if end <= len(arrived) else None
