"""The named functions that computed questions may use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.forms.definition import Kind
from shared.forms.scores import prorated_sum, sum_of_points


class Argument(StrEnum):
    """What an argument in a definition stands for."""

    VALUE = "value"  # the answer to a question, or a value of the context
    VALUES = "values"  # a list of such
    PICKED = "picked"  # a question; the function gets the text of its code
    ROWS = "rows"  # a rows question; the function gets its rows
    LITERAL = "literal"  # as written
    NUMBER = "number"  # a whole number, 0 or more
    POINTS = "points"  # a list of what the codes of each question give, {code: number}
    CODING = "coding"  # a code system; the function gets the registry's version of it


@dataclass(frozen=True)
class Function:
    """A function, what its arguments stand for, and the kind of its result (None: that of its values)."""

    call: Callable[..., Any]
    arguments: Mapping[str, Argument]
    kind: Kind | None


def age_on(birth_date: str | None, on: str | None) -> int | None:
    """Whole years from a birth date to a day, both ISO texts; nothing when unknown or born later."""
    if birth_date is None or on is None or on < birth_date:
        return None
    born, day = date.fromisoformat(birth_date), date.fromisoformat(on)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def days_between(start: str | None, end: str | None) -> int | None:
    """Whole days from one ISO date to another."""
    if start is None or end is None:
        return None
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def value_of(value: object) -> object:
    """The value itself."""
    return value


def first_of(values: Sequence[object]) -> object:
    """The first answered one."""
    return next((value for value in values if value is not None), None)


def sum_of(items: Sequence[float | None]) -> float | None:
    """The sum of all items; nothing while one is unanswered or unknown."""
    total: float = 0
    for item in items:
        if not isinstance(item, int | float):
            return None
        total += item
    return total


def text_of(code: str | None) -> str | None:
    """The text of a picked code."""
    return code


def coding_version(code: object, coding: object) -> object:
    """The version of a code system, when there is a code."""
    return None if code is None else coding


def rows_hold_all(rows: Sequence[Mapping[str, object]] | None, question: str, values: Sequence[object]) -> int | None:
    """1 when each value is the answer to the question in some row, else 0; nothing without rows."""
    if not rows:
        return None
    found = [row.get(question) for row in rows]
    return int(all(value in found for value in values))


INCLUSION = "inclusion"
WRITTEN = frozenset({Argument.LITERAL, Argument.NUMBER, Argument.POINTS})  # nothing that is looked up
FUNCTIONS: Mapping[str, Function] = {
    "age_on": Function(age_on, {"birth_date": Argument.VALUE, "on": Argument.VALUE}, Kind.INTEGER),
    "days_between": Function(days_between, {"start": Argument.VALUE, "end": Argument.VALUE}, Kind.INTEGER),
    "value_of": Function(value_of, {"value": Argument.VALUE}, None),
    "first_of": Function(first_of, {"values": Argument.VALUES}, None),
    "sum_of": Function(sum_of, {"items": Argument.VALUES}, None),
    "prorated_sum": Function(
        prorated_sum,
        {"items": Argument.VALUES, "highest": Argument.NUMBER, "most_missing": Argument.NUMBER},
        Kind.INTEGER,
    ),
    "sum_of_points": Function(sum_of_points, {"items": Argument.VALUES, "points": Argument.POINTS}, Kind.DECIMAL),
    "text_of": Function(text_of, {"code": Argument.PICKED}, Kind.TEXT),
    "coding_version": Function(coding_version, {"code": Argument.VALUE, "coding": Argument.CODING}, Kind.INTEGER),
    "rows_hold_all": Function(
        rows_hold_all,
        {"rows": Argument.ROWS, "question": Argument.LITERAL, "values": Argument.LITERAL},
        Kind.INTEGER,
    ),
    INCLUSION: Function(value_of, {}, Kind.INTEGER),
}
