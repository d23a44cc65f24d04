"""When an item shows: `enableWhen` as conditions of our forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.forms.context import CONTEXT
from shared.forms.definition import UNKNOWN
from shared.forms.fhir.elements import CONTEXT as OF_CONTEXT
from shared.forms.fhir.intake.element import Element, day_of
from shared.forms.fhir.intake.item import TYPES, Item

Rule = dict[str, Any]
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "boolean": ("Boolean",),
    "integer": ("Integer",),
    "decimal": ("Decimal", "Integer", "Quantity"),
    "date": ("Date",),
    "text": ("String",),
    "choice": ("Coding", "String", "Integer"),
}
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "=": ("equals",),
    "!=": ("not_equals",),
    ">": ("greater",),
    "<": ("less",),
    ">=": ("greater", "equals"),
    "<=": ("less", "equals"),
}


@dataclass(frozen=True)
class Conditions:
    """The items of a file by linkId, those of unknown numbers by the linkId of their box."""

    items: Mapping[str, Item]
    boxes: Mapping[str, str]  # linkId of a box -> linkId of its number

    def of(self, item: Item) -> Rule | None:
        """When the item shows; None when it always does."""
        rules = [rule for one in item.conditions if (rule := self._rule(one))]
        is_any = item.behavior == "any"
        if len(item.conditions) > 1 and item.behavior not in {"all", "any"}:
            item.element.flaw("enableBehavior", "is all or any where there are several conditions")
        rules = list(_one_of(_paired(rules, is_any=is_any)) if is_any else _paired(rules, is_any=is_any))
        if len(rules) < 2:  # noqa: PLR2004 - one condition needs no list
            return rules[0] if rules else None
        return {"any" if is_any else "all": rules}

    def _rule(self, element: Element) -> Rule | None:
        link, operator = element.string("question", needed=True), element.string("operator", needed=True)
        kind, value = element.choice("answer")
        element.finish()
        item, name = self.items.get(self.boxes.get(link, link)), link.removeprefix(OF_CONTEXT)
        if item is None and not (link.startswith(OF_CONTEXT) and name in CONTEXT):
            element.flaw("question", f"is no question of the form: {link!r}")
            return None
        if operator == "exists" and isinstance(value, bool):
            box = {"box": True} if link in self.boxes else {}
            return {"question": item.key if item else link, "op": "exists", "value": value, **box}
        if operator not in OPERATORS:
            element.flaw("operator", f"is none of exists, {', '.join(OPERATORS)}: {operator!r}")
            return None
        if item is None:
            return _sized(link, operator, _plain(element, kind, value))
        if link in self.boxes and value is True:
            return {"question": item.key, "op": OPERATORS[operator][0], "value": UNKNOWN}
        return self._compared(element, item, operator, kind, value)

    def _compared(self, element: Element, item: Item, operator: str, kind: str, value: Any) -> Rule | None:
        type_ = TYPES.get(item.kind, "")
        if kind not in ANSWERS.get(type_, ()):
            element.flaw("", f"answer{kind} does not compare with {item.link}, which is of type {item.kind}")
            return None
        if type_ == "choice":
            return _coded(element, item, operator, kind, value)
        if type_ in {"boolean", "text"} and operator not in {"=", "!="}:
            element.flaw("operator", f"compares {item.kind} by size")
            return None
        return _sized(item.key, operator, _plain(element, kind, value))


def _coded(element: Element, item: Item, operator: str, kind: str, value: Any) -> Rule | None:
    system, code = (value.get("system", ""), value.get("code")) if isinstance(value, Mapping) else ("", str(value))
    if item.choice is None or operator not in {"=", "!="} or (kind == "Coding" and not isinstance(value, Mapping)):
        element.flaw("operator", f"compares codes by size, or with nothing: {operator}")
        return None
    if not item.choice.reference and item.choice.find(str(system), str(code)) is None:
        element.flaw("", f"is no option of {item.link}: {code!r}")
        return None
    op = OPERATORS[operator][0]
    return {
        "question": item.key,
        "op": "contains" if item.is_repeated and op == "equals" else op,
        "value": item.choice.code(str(code)),
    }


def _sized(name: str, operator: str, value: Any) -> Rule:
    rules = [{"question": name, "op": op, "value": value} for op in OPERATORS[operator]]
    return rules[0] if len(rules) == 1 else {"any": rules}


def _plain(element: Element, kind: str, value: Any) -> Any:
    if kind == "Date":
        return day_of(element, value)
    return value.get("value") if isinstance(value, Mapping) else value


def _paired(rules: Sequence[Rule], *, is_any: bool) -> Iterator[Rule]:
    """The rules without those of boxes beside the number's own: to be unknown is to be answered."""
    own = {rule["question"] for rule in rules if rule.get("op") == "exists" and "box" not in rule}
    for rule in rules:
        if "box" not in rule:
            yield rule
        elif rule["question"] not in own or rule["value"] is not is_any:
            unknown = {"question": rule["question"], "op": "equals", "value": UNKNOWN}
            yield unknown if rule["value"] else {"not": unknown}


def _one_of(rules: Iterator[Rule]) -> Iterator[Rule]:
    """Several answers to one question, of which one is enough, as one rule."""
    found: list[Rule] = []
    for rule in rules:
        before = found[-1] if found else {}
        if rule.get("op") in {"equals", "contains"} and before.get("question") == rule["question"]:
            if before["op"] in {"equals", "contains"}:
                found[-1] = {"question": rule["question"], "op": "in", "value": [before["value"], rule["value"]]}
                continue
            if before["op"] == "in":
                before["value"].append(rule["value"])
                continue
        found.append(rule)
    yield from found


def joined(*rules: Rule | None) -> Rule | None:
    """A rule that holds when all do; those that are none always hold."""
    known = [rule for rule in rules if rule]
    return {"all": known} if len(known) > 1 else known[0] if known else None
