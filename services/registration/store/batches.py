"""Long lists of ids in pieces that a database takes as parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
MOST = 1000


def batched(items: Iterable[T]) -> Iterator[list[T]]:
    """The items, at most a thousand at a time."""
    rest = iter(items)
    while some := list(islice(rest, MOST)):
        yield some
