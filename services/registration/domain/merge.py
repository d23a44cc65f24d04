"""Two people changed the same answers: what one of them changed is taken, what both changed is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Answers = Mapping[str, Any]


class Side(StrEnum):
    """Whose answer it is."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An answer that differs; `place` is a question's key, `rows.<id>` or `rows.<id>.<key>`; None is no answer."""

    place: str
    mine: Any
    theirs: Any


@dataclass(kw_only=True)
class Merged:
    """What came of it. `asked` was changed by both: theirs stands in `answers` until somebody has chosen."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Difference] = field(default_factory=list)
    only_mine: list[Difference] = field(default_factory=list)
    only_theirs: list[Difference] = field(default_factory=list)


def merge(base: Answers | None, mine: Answers, theirs: Answers, picks: Mapping[str, Side] | None = None) -> Merged:
    """The answers of both since `base`; without one, everything that differs is asked. `picks` answers by place."""
    work = _Merge(picks or {})
    for key in _keys(theirs, mine, base or {}):
        values = [None if side is None else side.get(key) for side in (base, mine, theirs)]
        known = base is not None
        if any(_is_rows(value) for value in values):
            value: Any = work.rows(key, *values, is_known=known)
        else:
            value = work.settle(key, *values, is_known=known)
        if value is not None and value != []:
            work.found.answers[key] = value
    return work.found


class _Merge:
    """One merge under way."""

    def __init__(self, picks: Mapping[str, Side]) -> None:
        self.found = Merged()
        self._picks = picks

    def settle(self, place: str, base: Any, mine: Any, theirs: Any, *, is_known: bool) -> Any:
        """The answer at a place that is compared as a whole."""
        if same(mine, theirs):
            return theirs
        difference = Difference(place=place, mine=mine, theirs=theirs)
        if is_known and same(base, theirs):
            self.found.only_mine.append(difference)
            return mine
        if is_known and same(base, mine):
            self.found.only_theirs.append(difference)
            return theirs
        self.found.asked.append(difference)
        return mine if self._picks.get(place) is Side.MINE else theirs

    def rows(self, key: str, base: Any, mine: Any, theirs: Any, *, is_known: bool) -> list[dict[str, Any]]:
        """The rows of a question: theirs in their order, then those that only I have."""
        sides = [_by_id(rows) for rows in (base, mine, theirs)]
        found = []
        for row_id in _keys(sides[2], sides[1], sides[0]):
            row = self._row(f"{key}.{row_id}", *(side.get(row_id) for side in sides), is_known=is_known)
            if row is not None:
                found.append(row)
        return found

    def _row(self, place: str, base: Any, mine: Any, theirs: Any, *, is_known: bool) -> dict[str, Any] | None:
        if mine is None or theirs is None:
            kept: dict[str, Any] | None = self.settle(place, base, mine, theirs, is_known=is_known)
            return kept
        row = {"id": theirs["id"]}
        for key in _keys(theirs, mine, base or {}):
            if key != "id":
                values = [None if one is None else one.get(key) for one in (base, mine, theirs)]
                value = self.settle(f"{place}.{key}", *values, is_known=is_known)
                row |= {} if value is None else {key: value}
        return row


def same(one: Any, other: Any) -> bool:
    """Equal, and not only because Python takes true for 1; nothing chosen or ticked says what no answer says."""
    if _is_nothing(one) or _is_nothing(other):
        return _is_nothing(one) and _is_nothing(other)
    return bool(one == other) and isinstance(one, bool) is isinstance(other, bool)


def _is_nothing(value: Any) -> bool:
    return value is None or value is False or (isinstance(value, str | Sequence | Mapping) and not value)


def merged_set(base: Iterable[str], mine: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """What both have or one has added, without what one has taken away; in the order of theirs, then mine."""
    before, here, there = set(base), list(mine), list(theirs)
    gone = (before - set(here)) | (before - set(there))
    return [one for one in dict.fromkeys([*there, *here]) if one not in gone]


def _keys(*sides: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(key for side in sides for key in side))


def _is_rows(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(one, Mapping) for one in value)


def _by_id(rows: Sequence[Mapping[str, Any]] | None) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in rows or ()}
