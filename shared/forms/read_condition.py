"""Reads conditions, intervals and calculations."""

from __future__ import annotations

from datetime import date

from shared.forms.definition import (
    All,
    AnyOf,
    Bound,
    Calculation,
    Comparison,
    Condition,
    Fill,
    Interval,
    Not,
    Op,
    Reference,
)
from shared.forms.reading import Node

NEVER = AnyOf(())


def read_condition(node: Node, key: str) -> Condition | None:
    """The condition under a key, if there is one."""
    inner = node.node(key)
    return None if inner is None else _condition(inner)


def read_condition_here(node: Node) -> Condition:
    """The condition that a whole mapping is."""
    return _condition(node)


def _condition(node: Node) -> Condition:
    if node.has("all") or node.has("any"):
        name = "all" if node.has("all") else "any"
        parts = tuple(_condition(part) for part in node.nodes(name))
        if not parts:
            node.flaw(name, "is empty")
        node.close()
        return All(parts) if name == "all" else AnyOf(parts)
    if node.has("not"):
        inner = node.node("not")
        node.close()
        return NEVER if inner is None else Not(_condition(inner))
    return _comparison(node)


def _comparison(node: Node) -> Condition:
    name, op = node.string("question", needed=True), node.one_of("op", Op)
    value = node.take("value", object, needed=True) if node.has("value") else None
    if not node.has("value"):
        node.flaw("value", "is missing")
    node.close()
    if op is None:
        return NEVER
    if (op is Op.IN) != isinstance(value, list):
        node.flaw("value", "is a list for `in`, and only then")
        return NEVER
    if op is Op.EXISTS and not isinstance(value, bool):
        node.flaw("value", "is not true or false")
    return Comparison(name, op, tuple(map(_plain, value)) if isinstance(value, list) else _plain(value))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def read_interval(node: Node, key: str) -> Interval | None:
    """The bounds under a key, if there are any."""
    inner = node.node(key)
    if inner is None:
        return None
    low, high = _bounds(inner, "min"), _bounds(inner, "max")
    inner.close()
    if not low and not high:
        inner.flaw("", "has neither min nor max")
    if any(_is_above(one, other) for one in low for other in high):
        inner.flaw("", "has a min above its max")
    return Interval(low, high)


def _is_above(one: Bound, other: Bound) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one > other
    return isinstance(one, str) and isinstance(other, str) and one > other


def _bounds(node: Node, key: str) -> tuple[Bound, ...]:
    value = node.take(key, object)
    if value is None:
        return ()
    found: list[Bound] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, date):
            found.append(item.isoformat())
        elif isinstance(item, str):
            found.append(Reference(item))
        elif isinstance(item, int | float) and not isinstance(item, bool):
            found.append(item)
        else:
            node.flaw(key, f"is not a number, a date or a name: {item!r}")
    return tuple(found)


def read_calculation(node: Node) -> Calculation | None:
    """How a computed question gets its value."""
    inner = node.node("calculate", needed=True)
    if inner is None:
        return None
    function = inner.string("function", needed=True)
    arguments = inner.take("arguments", dict) or {}
    inner.close()
    return Calculation(function, {str(name): _plain(value) for name, value in arguments.items()})


def read_fill(node: Node) -> Fill | None:
    """When the system answers by itself, and what."""
    inner = node.node("fill")
    if inner is None:
        return None
    when, value = read_condition(inner, "when"), inner.take("value", object, needed=True)
    inner.close()
    if when is None or not isinstance(value, bool | int | str):
        inner.flaw("", "needs when and value")
        return None
    return Fill(when, value)
