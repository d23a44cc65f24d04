"""Items as questions of a form's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.forms.fhir.elements import HL7
from shared.forms.fhir.intake.element import Element, day_of
from shared.forms.fhir.intake.item import TYPES, Item
from shared.forms.fhir.intake.options import Lists, answers_in, is_nrs
from shared.forms.fhir.intake.scores import Scores
from shared.forms.fhir.intake.urls import EHELSE, HELSENORGE
from shared.forms.page_maker import MULTILINE_FROM
from shared.forms.read_answers import MOST_ROWS
from shared.forms.values import LONGEST_TEXT

Body = dict[str, Any]
DECIMALS = 2
UNIT, PLACES = f"{HL7}questionnaire-unit", f"{HL7}maxDecimalPlaces"
MOST, LEAST = f"{HL7}questionnaire-maxOccurs", f"{HL7}questionnaire-minOccurs"
SUBLABEL = f"{HELSENORGE}sdf-sublabel"
TODAY = "today()"


@dataclass(frozen=True)
class Questions:
    """Makes the questions of a file, without their conditions; `title` stands in where an item has no text."""

    lists: Lists
    scores: Scores

    def body(self, item: Item) -> Body:
        """The question of an item that people or the engine answer."""
        made = self.scores.of(item)
        kind = "computed" if made else TYPES.get(item.kind, "text")
        if not item.text:
            item.element.flaw("text", "is missing")
        if item.is_hidden and not made:
            item.element.flaw("hidden", "nobody can answer a question that is never shown")
        if item.is_closed and not made:
            item.element.flaw("readOnly", "nothing says how it is worked out")
        body = {"key": item.key, "type": kind, "label": dict(item.text), **self._column(item)}
        parts = self._computed(item, made) if made else _PARTS.get(kind, _nothing)(self, item)
        required = {"required": True} if item.is_required else {}
        return {**body, **parts, **required, **self._hint(item), **({} if made else read_initial(item))}

    def _computed(self, item: Item, made: Body) -> Body:
        parts: Body = {"calculate": made, **({"hidden": True} if item.is_hidden else {})}
        if item.choice:
            answers = answers_in(item.choice, self.lists, is_repeated=False)
            if "codelist" not in answers:
                item.element.flaw("", "a computed answer is coded by a list of the registry, or not at all")
            return {**parts, **answers}
        if item.kind == "date":
            return {**parts, **_limit(item)}
        is_number = TYPES.get(item.kind) in {"integer", "decimal"}
        return {**parts, **(self._number(item, decimals=0) if is_number else {})}

    def _column(self, item: Item) -> Body:
        if len(item.columns) > 1:
            item.element.flaw("code", "names columns of several tables")
        return next(iter(item.columns.values()), {})

    def _hint(self, item: Item) -> Body:
        hint = item.element.extended(SUBLABEL, str)
        return {"hint": {item.element.source.language: str(hint)}} if hint else {}

    def _number(self, item: Item, *, decimals: int = DECIMALS) -> Body:
        unit, places = item.element.extension(UNIT), item.element.extended(PLACES, int)
        parts = {**_limit(item), **({"unit": _unit(unit)} if unit else {})}
        if TYPES[item.kind] == "decimal":
            parts["decimals"] = decimals if places is None else places
        elif places:
            item.element.flaw("maxDecimalPlaces", "gives a whole number decimals")
        return parts

    def _date(self, item: Item) -> Body:
        return _limit(item)

    def _text(self, item: Item) -> Body:
        length = item.element.take("maxLength", int)
        if length is not None and length > LONGEST_TEXT:
            item.element.flaw("maxLength", f"is above {LONGEST_TEXT}, the longest text that forms keep")
        if length is None and item.kind == "string":
            length = MULTILINE_FROM
        return {} if length is None else {"max_length": length}

    def _choice(self, item: Item) -> Body:
        if item.choice is None:
            return {}
        if is_nrs(item.choice) and not item.is_repeated:
            return {"type": "nrs"}
        answers = answers_in(item.choice, self.lists, is_repeated=item.is_repeated)
        if item.is_repeated and "options" not in answers:
            item.element.flaw("repeats", "several answers of a list that is not in the file")
        return {**answers, "type": "choices" if item.is_repeated else "choice"}


def _nothing(_: Questions, __: Item) -> Body:
    return {}


_PARTS: Mapping[str, Callable[[Questions, Item], Body]] = {
    "integer": Questions._number,  # noqa: SLF001 - parts of the class above
    "decimal": Questions._number,  # noqa: SLF001
    "date": Questions._date,  # noqa: SLF001
    "text": Questions._text,  # noqa: SLF001
    "choice": Questions._choice,  # noqa: SLF001
}


def _limit(item: Item) -> Body:
    found = {name: bound for name in ("min", "max") if (bound := _bound(item, name)) is not None}
    return {"limit": found} if found else {}


def _bound(item: Item, name: str) -> Any:
    element, value = item.element, item.element.extended(f"{HL7}{name}Value", int, float, str)
    written = element.extended(f"{EHELSE}sdf-{name}value", str)
    if written is not None and str(written).strip() != TODAY:
        element.flaw(f"sdf-{name}value", f"is a bound that only {TODAY} can be: {written!r}")
    if written is not None:
        return "today"
    return day_of(element, value) if value is not None and item.kind == "date" else value


def _unit(element: Element) -> dict[str, str]:
    kind, value = element.value()
    coding = Element(value, element.at("valueCoding"), element.source)
    if kind != "Coding":
        element.flaw("", "is no Coding")
        return {}
    system, code, words = coding.string("system"), coding.string("code"), coding.words("display")
    coding.finish()
    return words or {"nb": code or system}


def read_initial(item: Item) -> Body:
    """The answer that a form begins with."""
    chosen: list[Any] = [one.code for one in item.choice.offered if one.is_first] if item.choice else []
    for element in item.element.several("initial"):
        kind, value = element.value()
        code = value.get("code") if isinstance(value, Mapping) else value
        chosen.append(str(code) if item.choice else day_of(element, value) if kind == "Date" else value)
        element.finish()
    if len(chosen) > 1 or (chosen and item.is_repeated):
        item.element.flaw("initial", "is more than one answer")
        return {}
    first = chosen[0] if chosen else None
    return {} if first is None else {"initial": item.choice.code(first) if item.choice else first}


def check_repeats(item: Item) -> None:
    """Only choices and rows of questions have several answers, and as many rows as the engine takes."""
    most, least = item.element.extended(MOST, int), item.element.extended(LEAST, int)
    if item.is_repeated and TYPES.get(item.kind) not in {"choice", "group"}:
        item.element.flaw("repeats", f"several answers to an item of type {item.kind}")
    if most is not None and most < MOST_ROWS and item.is_repeated:
        item.element.flaw("maxOccurs", f"is a limit below {MOST_ROWS}, which rows always have")
    if least is not None and least > int(item.is_required):
        item.element.flaw("minOccurs", "asks for more than one answer")
