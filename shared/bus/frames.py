"""AMQP 0-9-1 frames of a whole batch as one piece of bytes: one write to the socket instead of one a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack

_METHOD, _HEADER, _BODY, _END = 1, 2, 3, b"\xce"
_BASIC, _PUBLISH, _MANDATORY, _PERSISTENT = 60, 40, 1, b"\x02"
_FRAME_OVERHEAD = 8
# Which properties follow: content type, content encoding, delivery mode, message id, type.
_FLAGS = pack(">H", 1 << 15 | 1 << 14 | 1 << 12 | 1 << 7 | 1 << 5)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message of a batch: its routing key (also its type), its id and its body."""

    routing_key: str
    message_id: str
    body: bytes


class FrameMaker:
    """Makes frames for one channel; what is the same in every message is made once."""

    def __init__(self, channel_id: int, frame_max: int, exchange: str, content_type: str) -> None:
        self._frame_max = frame_max - _FRAME_OVERHEAD
        self._method_head = pack(">HHH", _BASIC, _PUBLISH, 0) + _short(exchange)
        self._properties = _FLAGS + _short(content_type) + _short("utf-8") + _PERSISTENT
        self._heads = {kind: pack(">BH", kind, channel_id) for kind in (_METHOD, _HEADER, _BODY)}

    def frames(self, messages: Sequence[Outgoing]) -> bytes:
        """All frames of all messages, published as persistent and mandatory."""
        parts: list[bytes] = []
        for message in messages:
            key = _short(message.routing_key)
            header = pack(">HHQ", _BASIC, 0, len(message.body)) + self._properties + _short(message.message_id) + key
            parts += self._frame(_METHOD, self._method_head + key + bytes((_MANDATORY,)))
            parts += self._frame(_HEADER, header)
            for start in range(0, len(message.body), self._frame_max):
                parts += self._frame(_BODY, message.body[start : start + self._frame_max])
        return b"".join(parts)

    def _frame(self, kind: int, payload: bytes) -> tuple[bytes, bytes, bytes, bytes]:
        return self._heads[kind], pack(">I", len(payload)), payload, _END


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes((len(encoded),)) + encoded
