"""What a page sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Fields(Protocol):
    """Fields of a form post; werkzeug's MultiDict is one."""

    def get(self, key: str, /) -> str | None:
        """The first value."""
        ...

    def getlist(self, key: str, /) -> Sequence[str]:
        """All values."""
        ...
