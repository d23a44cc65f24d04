"""A bare-socket AMQP client that does nothing but move prepared bytes: the limit of what a client can reach."""

from __future__ import annotations

import struct
from urllib.parse import urlparse

import amqp

_ACK_METHOD, _DELIVER_METHOD, _RETURN_METHOD = (60, 80), (60, 60), (60, 50)
_READ = 1 << 18
_CHUNK, _WINDOW = 100, 400


class RawConnection:
    """A connection whose handshake another library did; afterwards only the socket is used."""

    def __init__(self, url: str) -> None:
        parts = urlparse(url)
        self.connection = amqp.Connection(
            host=f"{parts.hostname}:{parts.port}", userid=parts.username, password=parts.password, virtual_host="/"
        )
        self.connection.connect()
        self.channel = self.connection.channel()
        self._rest = b""

    def close(self) -> None:
        """Leave without a word."""
        self.connection.transport.close()

    def methods(self):
        """The next methods that have arrived: (class and method, payload) of each method frame."""
        self._rest += self.connection.transport.sock.recv(_READ)
        view, at, found = self._rest, 0, []
        while len(view) - at >= 7:
            kind, _channel, size = struct.unpack_from(">BHI", view, at)
            if len(view) - at < size + 8:
                break
            if kind == 1:
                found.append((struct.unpack_from(">HH", view, at + 7), view[at + 11 : at + 7 + size]))
            at += size + 8
        self._rest = view[at:]
        return found


def publish(raw, frames):
    """Publish prepared messages on a connection in confirm mode, at most some hundred in flight."""
    sent = confirmed = 0
    while confirmed < len(frames):
        while sent < len(frames) and sent - confirmed < _WINDOW:
            raw.connection.transport.sock.sendall(b"".join(frames[sent : sent + _CHUNK]))
            sent = min(len(frames), sent + _CHUNK)
        for method, payload in raw.methods():
            if method == _RETURN_METHOD:
                raise AssertionError("a message was returned")
            if method == _ACK_METHOD:
                tag, multiple = struct.unpack(">QB", payload)
                confirmed = tag if multiple else confirmed + 1


def consume(raw, queue, count, prefetch=500):
    """Take and acknowledge so many messages."""
    raw.channel.basic_qos(0, prefetch, False)
    raw.channel.basic_consume(queue)
    taken = acked = 0
    while acked < count:
        for method, payload in raw.methods():
            if method == _DELIVER_METHOD:
                start = 1 + payload[0]
                (taken,) = struct.unpack_from(">Q", payload, start)
        if taken - acked >= _CHUNK or taken >= count:
            ack = struct.pack(">HHQB", 60, 80, taken, 1)
            raw.connection.transport.sock.sendall(struct.pack(">BHI", 1, 1, len(ack)) + ack + b"\xce")
            acked = taken
