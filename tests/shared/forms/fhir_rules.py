"""The rules of FHIR R4 (4.0.1) for Questionnaires, written down from the standard: elements, types and invariants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

Element = dict[str, Any]
ITEM_TYPES = {
    *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url"),
    *("choice", "open-choice", "attachment", "reference", "quantity"),
}
TEXT = re.compile(r"[\s\S]*\S[\s\S]*\Z")
URI, CODE, ID = re.compile(r"\S+\Z"), re.compile(r"\S+( \S+)*\Z"), re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
PRIMITIVES: dict[str, Any] = {"string": TEXT, "markdown": TEXT, "uri": URI, "code": CODE, "id": ID, "date": DATE}
VALUES = {
    f"value{kind[0].upper()}{kind[1:]}": kind
    for kind in ("boolean", "integer", "decimal", "date", "string", "markdown", "code")
} | {f"value{kind}": kind for kind in ("Coding", "CodeableConcept", "Expression")}
OPERATORS = {"exists", "=", "!=", ">", "<", ">=", "<="}
# element: (type, is a list, is needed)
SHAPES: dict[str, dict[str, tuple[str, bool, bool]]] = {
    "Questionnaire": {
        "resourceType": ("code", False, True),
        "id": ("id", False, False),
        "language": ("code", False, False),
        "url": ("uri", False, False),
        "identifier": ("Identifier", True, False),
        "version": ("string", False, False),
        "name": ("string", False, False),
        "title": ("string", False, False),
        "status": ("code", False, True),
        "experimental": ("boolean", False, False),
        "subjectType": ("code", True, False),
        "date": ("date", False, False),
        "publisher": ("string", False, False),
        "description": ("markdown", False, False),
        "item": ("Item", True, False),
    },
    "Item": {
        "extension": ("Extension", True, False),
        "linkId": ("string", False, True),
        "code": ("Coding", True, False),
        "text": ("string", False, False),
        "type": ("code", False, True),
        "enableWhen": ("EnableWhen", True, False),
        "enableBehavior": ("code", False, False),
        "required": ("boolean", False, False),
        "repeats": ("boolean", False, False),
        "readOnly": ("boolean", False, False),
        "maxLength": ("integer", False, False),
        "answerValueSet": ("uri", False, False),
        "answerOption": ("AnswerOption", True, False),
        "initial": ("Initial", True, False),
        "item": ("Item", True, False),
    },
    "EnableWhen": {
        "question": ("string", False, True),
        "operator": ("code", False, True),
        "answerBoolean": ("boolean", False, False),
        "answerDecimal": ("decimal", False, False),
        "answerInteger": ("integer", False, False),
        "answerDate": ("date", False, False),
        "answerString": ("string", False, False),
        "answerCoding": ("Coding", False, False),
    },
    "AnswerOption": {
        "extension": ("Extension", True, False),
        "valueCoding": ("Coding", False, False),
        "initialSelected": ("boolean", False, False),
    },
    "Initial": {
        **{
            f"value{kind.capitalize()}": (kind, False, False)
            for kind in ("boolean", "decimal", "integer", "date", "string")
        },
        "valueCoding": ("Coding", False, False),
    },
    "Identifier": {"system": ("uri", False, False), "value": ("string", False, False)},
    "Coding": {"system": ("uri", False, False), "code": ("code", False, False), "display": ("string", False, False)},
    "CodeableConcept": {"coding": ("Coding", True, False), "text": ("string", False, False)},
    "Expression": {"language": ("code", False, True), "expression": ("string", False, False)},
    "Primitive": {"extension": ("Extension", True, True)},
    "Extension": {
        "url": ("uri", False, True),
        "extension": ("Extension", True, False),
        **{name: (kind, False, False) for name, kind in VALUES.items()},
    },
}
ANSWER_TYPES = {kind: f"answer{kind.capitalize()}" for kind in ("boolean", "decimal", "integer", "date", "string")} | {
    "text": "answerString",
    "choice": "answerCoding",
}


def flaws(questionnaire: Element) -> list[str]:
    """Everything about a Questionnaire that R4 does not allow."""
    return [*_shape_flaws(questionnaire, "Questionnaire", ""), *_invariant_flaws(questionnaire)]


def items_of(element: Element) -> Iterator[Element]:
    """All items, outer ones first."""
    for item in element.get("item", []):
        yield item
        yield from items_of(item)


def _shape_flaws(element: Any, kind: str, path: str) -> Iterator[str]:
    if not isinstance(element, dict) or not element:
        yield f"{path}: is no {kind}"
        return
    shape = SHAPES[kind]
    if kind == "Extension" and ("extension" in element) is any(name in VALUES for name in element):
        yield f"{path}: ext-1: has both or none of a value and extensions"
    yield from (
        f"{path}.{name}: is missing" for name, (_, _, needed) in shape.items() if needed and name not in element
    )
    for name, value in element.items():
        if name.startswith("_") and shape.get(name[1:], ("",))[0] in PRIMITIVES:
            yield from _shape_flaws(value, "Primitive", f"{path}.{name}")
        elif name not in shape:
            yield f"{path}.{name}: is unknown"
        else:
            yield from _value_flaws(value, *shape[name][:2], f"{path}.{name}")


def _value_flaws(value: Any, kind: str, is_list: bool, path: str) -> Iterator[str]:
    if is_list:
        if not isinstance(value, list) or not value:
            yield f"{path}: is no list, or an empty one"
            return
        for number, one in enumerate(value):
            yield from _value_flaws(one, kind, False, f"{path}[{number}]")
    elif kind in SHAPES:
        yield from _shape_flaws(value, kind, path)
    elif kind in PRIMITIVES:
        if not isinstance(value, str) or not PRIMITIVES[kind].match(value):
            yield f"{path}: is no {kind}: {value!r}"
    elif type(value) not in {"boolean": (bool,), "integer": (int,), "decimal": (int, float)}[kind]:
        yield f"{path}: is no {kind}: {value!r}"


def _invariant_flaws(questionnaire: Element) -> Iterator[str]:
    everything = list(items_of(questionnaire))
    by_link = {item["linkId"]: item for item in everything}
    if not re.match(r"[A-Z][A-Za-z0-9_]{0,254}\Z", questionnaire.get("name", "A")):
        yield "que-0: name is not usable by machines"
    if questionnaire["status"] not in {"draft", "active", "retired", "unknown"}:
        yield "status"
    for link, count in Counter(item["linkId"] for item in everything).items():
        if count > 1:
            yield f"que-2: {link} stands twice"
    for item in everything:
        yield from (f"{item['linkId']}: {flaw}" for flaw in (*_item_flaws(item), *_enabling_flaws(item, by_link)))


def _item_flaws(item: Element) -> Iterator[str]:
    kind, has = item["type"], item.keys()
    rules = {
        "type is unknown": kind in ITEM_TYPES,
        "que-1: groups have items, displays have none": bool(item.get("item")) if kind == "group" else True,
        "que-1: a display has items": kind != "display" or "item" not in has,
        "que-3: a display has a code": kind != "display" or "code" not in has,
        "que-4: both options and a value set": not {"answerOption", "answerValueSet"} <= has,
        "que-5: options on what has none": kind == "choice" or not {"answerOption", "answerValueSet"} & has,
        "a choice without choices": kind != "choice" or bool({"answerOption", "answerValueSet"} & has),
        "que-6: a display is required or repeats": kind != "display" or not {"required", "repeats"} & has,
        "que-8, que-11: an initial value where there can be none": (
            kind not in {"group", "display"} and "answerOption" not in has
        )
        or "initial" not in has,
        "que-9: a display is read-only": kind != "display" or "readOnly" not in has,
        "que-10: a length on what has none": kind in {"string", "text"} or "maxLength" not in has,
    }
    yield from (flaw for flaw, holds in rules.items() if not holds)
    for option in item.get("answerOption", []):
        if sum(name.startswith("value") for name in option) != 1:
            yield "an option has not one value"
    codes = Counter((o["valueCoding"]["system"], o["valueCoding"]["code"]) for o in item.get("answerOption", []))
    if any(count > 1 for count in codes.values()):
        yield "an option stands twice"


def _enabling_flaws(item: Element, by_link: dict[str, Element]) -> Iterator[str]:
    conditions = item.get("enableWhen", [])
    if ("enableBehavior" in item) != (len(conditions) > 1):
        yield "que-12: enableBehavior stands where there are several conditions, and only there"
    if item.get("enableBehavior", "all") not in {"all", "any"}:
        yield "enableBehavior is unknown"
    for condition in conditions:
        other = by_link.get(condition["question"])
        if other is None or other is item or other["type"] not in ANSWER_TYPES:
            yield f"a condition asks for what is no other question: {condition['question']}"
        else:
            yield from _condition_flaws(condition, other)


def _condition_flaws(condition: Element, other: Element) -> Iterator[str]:
    answers = [name for name in condition if name.startswith("answer")]
    is_exists, kind = condition["operator"] == "exists", ANSWER_TYPES[other["type"]]
    if condition["operator"] not in OPERATORS:
        yield "an operator is unknown"
    if answers != ["answerBoolean" if is_exists else kind]:
        yield f"que-7: the answer is not of the type that {other['linkId']} or exists needs"
    elif kind == "answerCoding" and not is_exists:
        wanted, options = condition["answerCoding"], [o["valueCoding"] for o in other.get("answerOption", [])]
        if options and not any((o["system"], o["code"]) == (wanted["system"], wanted["code"]) for o in options):
            yield f"an answer is no option of {other['linkId']}"
        if condition["operator"] not in {"=", "!="}:
            yield "codes are compared by size"
