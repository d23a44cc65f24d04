"""Conditions, bounds and calculations as short expressions over keys, the same in all languages."""

from __future__ import annotations

from shared.forms.definition import (
    All,
    AnyOf,
    Bound,
    Calculation,
    Comparison,
    Condition,
    Not,
    Op,
    Reference,
)

SIGNS = {Op.EQUALS: "=", Op.NOT_EQUALS: "!=", Op.IN: "in", Op.CONTAINS: "contains", Op.GREATER: ">", Op.LESS: "<"}


def expression(condition: Condition | None) -> str:
    """The condition, such as `supervision = 1 and not exists(end_date)`; empty when there is none."""
    if condition is None:
        return ""
    if isinstance(condition, Comparison):
        return _comparison(condition)
    if isinstance(condition, Not):
        return f"not ({expression(condition.part)})"
    word = " and " if isinstance(condition, All) else " or "
    return word.join(_inner(part) for part in condition.parts)


def _inner(condition: Condition) -> str:
    written = expression(condition)
    return f"({written})" if isinstance(condition, All | AnyOf) else written


def _comparison(condition: Comparison) -> str:
    if condition.op is Op.EXISTS:
        return f"exists({condition.name})" if condition.value else f"not exists({condition.name})"
    return f"{condition.name} {SIGNS[condition.op]} {_value(condition.value)}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))})"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def bounds(written: tuple[Bound, ...]) -> tuple[str, ...]:
    """Bounds as they were written: numbers, ISO dates and names."""
    return tuple(bound.name if isinstance(bound, Reference) else str(bound) for bound in written)


def calculation(made: Calculation) -> str:
    """The call, such as `days_between(start=start_date, end=end_date)`."""
    arguments = ", ".join(f"{name}={_argument(value)}" for name, value in made.arguments.items())
    return f"{made.function}({arguments})"


def _argument(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple | list) else str(value)
