"""Turns conditions into functions over a view: a mapping of the answers that count, and the context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from shared.forms.context import View
from shared.forms.definition import NRS_UNKNOWN, All, AnyOf, Comparison, Condition, Not, Op, Question, Type

Rule = Callable[[View], bool]


def names_in(condition: Condition | None) -> Iterator[str]:
    """All names a condition looks at."""
    if isinstance(condition, Comparison):
        yield condition.name
    elif isinstance(condition, Not):
        yield from names_in(condition.part)
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from names_in(part)


def compile_rule(condition: Condition, questions: dict[str, Question]) -> Rule:
    """The condition as a function; names must be canonical."""
    if isinstance(condition, Comparison):
        return _comparison(condition, questions.get(condition.name))
    if isinstance(condition, Not):
        part = compile_rule(condition.part, questions)
        return lambda view: not part(view)
    rules = tuple(compile_rule(part, questions) for part in condition.parts)
    if len(rules) == 1:
        return rules[0]
    if isinstance(condition, All):
        return lambda view: all(rule(view) for rule in rules)
    return lambda view: any(rule(view) for rule in rules)


def both(first: Rule | None, second: Rule | None) -> Rule | None:
    """A rule that holds when both do; None always holds."""
    if first is None or second is None:
        return first or second
    one, other = first, second
    return lambda view: one(view) and other(view)


def _comparison(condition: Comparison, question: Question | None) -> Rule:
    name, value = condition.name, condition.value
    if condition.op is Op.EXISTS:
        return (lambda view: name in view) if value else (lambda view: name not in view)
    if question is not None and question.type is Type.CHOICES:
        return _over_many(name, condition.op, value)
    if condition.op is Op.EQUALS:
        return lambda view: view.get(name) == value
    if condition.op is Op.NOT_EQUALS:
        return lambda view: name in view and view[name] != value
    if condition.op is Op.IN:
        return lambda view: view.get(name, _NOTHING) in value  # type: ignore[operator] # a tuple for `in`
    return _ordered(name, condition.op, value, question)


_NOTHING = object()


def _over_many(name: str, op: Op, value: Any) -> Rule:
    if op in {Op.EQUALS, Op.CONTAINS}:
        return lambda view: value in view.get(name, ())
    if op is Op.NOT_EQUALS:
        return lambda view: any(code != value for code in view.get(name, ()))
    return lambda view: any(code in value for code in view.get(name, ()))


def _ordered(name: str, op: Op, value: Any, question: Question | None) -> Rule:
    kind: tuple[type, ...] = (str,) if isinstance(value, str) else (int, float)
    unknown = NRS_UNKNOWN if question is not None and question.type is Type.NRS else None
    if op is Op.GREATER:
        return lambda view: isinstance(v := view.get(name), kind) and v != unknown and v > value
    return lambda view: isinstance(v := view.get(name), kind) and v != unknown and v < value
