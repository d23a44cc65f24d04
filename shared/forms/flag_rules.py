"""What in a patient's answers somebody must look at: rules of a registry over its patient forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.forms.definition import Condition, Question, Text
from shared.forms.read_condition import NEVER, read_condition
from shared.forms.reading import Node
from shared.forms.rules import compile_rule


class Urgency(StrEnum):
    """How soon somebody must look."""

    TODAY = "today"
    SOON = "soon"


@dataclass(frozen=True)
class FlagRule:
    """A condition over the answers of one form; a sample shows how it works and is no clinical advice."""

    key: str
    form: str
    when: Condition
    title: Text
    urgency: Urgency
    is_sample: bool = False


def read_flags(node: Node) -> tuple[FlagRule, ...]:
    """The flags of a registry; one without any has no part `flags`."""
    return tuple(_flag(item) for item in node.nodes("flags"))


def raised_by(
    rules: Sequence[FlagRule], form: str, values: Mapping[str, Any], questions: dict[str, Question]
) -> list[FlagRule]:
    """The rules that the answers of a form fulfil; one about a question without an answer does not hold."""
    return [rule for rule in rules if rule.form == form and compile_rule(rule.when, questions)(values)]


def _flag(node: Node) -> FlagRule:
    rule = FlagRule(
        key=node.word("key"),
        form=node.string("form", needed=True),
        when=read_condition(node, "when") or NEVER,
        title=node.text("title", needed=True) or {},
        urgency=node.one_of("urgency", Urgency) or Urgency.SOON,
        is_sample=node.flag("is_sample"),
    )
    if rule.when is NEVER:
        node.flaw("when", "is missing")
    node.close()
    return rule
