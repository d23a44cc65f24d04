"""Conditions as people say them."""

from __future__ import annotations

from collections.abc import Mapping

from shared.forms.context import LEGAL_BASIS, PREFIX
from shared.forms.definition import All, AnyOf, Comparison, Condition, Not, Op, Question, Type, say
from shared.forms.problems import sentence, shown_value

Scope = Mapping[str, Question]


def in_words(condition: Condition | None, scope: Scope, language: str) -> str:
    """The condition in a language, such as `«Fikk pasienten tilsyn?» er «Ja»`; empty when there is none."""
    if condition is None:
        return ""
    if isinstance(condition, Comparison):
        return _comparison(condition, scope, language)
    if isinstance(condition, Not):
        return sentence("condition.not", language, part=in_words(condition.part, scope, language))
    word = sentence("condition.all" if isinstance(condition, All) else "condition.any", language)
    return f" {word} ".join(_inner(part, scope, language) for part in condition.parts)


def _inner(condition: Condition, scope: Scope, language: str) -> str:
    words = in_words(condition, scope, language)
    return f"({words})" if isinstance(condition, All | AnyOf) else words


def _comparison(condition: Comparison, scope: Scope, language: str) -> str:
    question = scope.get(condition.name)
    op: str = condition.op
    if condition.op is Op.EXISTS and not condition.value:
        op = "missing"
    if condition.op is Op.EQUALS and question and question.type is Type.CHOICES:
        op = Op.CONTAINS
    value = _values(condition, question, language)
    return sentence(f"condition.{op}", language, question=_name(condition.name, question, language), value=value)


def _name(name: str, question: Question | None, language: str) -> str:
    if question:
        return f"«{say(question.label, language)}»"
    return sentence(f"context.{name.removeprefix(PREFIX)}", language)


def _values(condition: Comparison, question: Question | None, language: str) -> str:
    value = condition.value
    if condition.name == LEGAL_BASIS:
        return sentence(f"basis.{value}", language)
    if not isinstance(value, tuple):
        return _value(value, question, language)
    *first, last = (_value(one, question, language) for one in value)
    return f"{', '.join(first)} {sentence('condition.any', language)} {last}" if first else last


def _value(value: object, question: Question | None, language: str) -> str:
    option = question.option(value) if question else None
    if option:
        return f"«{say(option.label, language)}»"
    if isinstance(value, bool):
        return f"«{sentence('shown.yes' if value else 'shown.no', language)}»"
    return shown_value(value, language)
