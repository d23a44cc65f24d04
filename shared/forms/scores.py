"""How the scores of instruments are made from the answers to their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard


def prorated_sum(items: Sequence[object], highest: int, most_missing: int) -> int | None:
    """The sum of items that give 0 to `highest` points; each of up to `most_missing` missing ones gives the mean.

    Any other answer, such as a code for "don't know", is a missing one. Whole, half rounded up; nothing when more than
    `most_missing` are missing, or all.
    """
    points = [item for item in items if _is_whole(item) and 0 <= item <= highest]
    if not points or len(items) - len(points) > most_missing:
        return None
    return (2 * sum(points) * len(items) + len(points)) // (2 * len(points))


def sum_of_points(items: Sequence[object], points: Sequence[Mapping[object, float]]) -> float | None:
    """The sum of the points that the answers give, by item and code; nothing while an item gives none."""
    found = [given.get(item) for item, given in zip(items, points, strict=True)]
    return None if None in found else sum(one for one in found if one is not None)


def _is_whole(item: object) -> TypeGuard[int]:
    return isinstance(item, int) and not isinstance(item, bool)
