"""Which messages of a channel the broker has not yet answered for, and what it refused."""

from typing import Any


class Confirms:
    """Counts delivery tags of one channel in confirm mode; they start at 1."""

    def __init__(self, channel: Any) -> None:
        self._open: set[int] = set()
        self._lowest = self._last = 0
        self.refused: list[str] = []
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)

    def expect(self, count: int) -> None:
        """Expect an answer for the next `count` messages."""
        self._open.update(range(self._last + 1, self._last + count + 1))
        self._last += count

    @property
    def are_open(self) -> bool:
        """Whether an answer is still missing."""
        return bool(self._open)

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001 - the library's signature
        if not multiple:
            self._open.discard(delivery_tag)
            return
        self._open.difference_update(range(self._lowest, delivery_tag + 1))
        self._lowest = max(self._lowest, delivery_tag)

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001 - the library's signature
        self.refused.append("the broker refused a message")
        self._on_ack(delivery_tag, multiple)

    def _on_return(self, _error: Exception, _exchange: str, routing_key: str, _message: Any) -> None:
        self.refused.append(f"nobody listens to {routing_key}")
