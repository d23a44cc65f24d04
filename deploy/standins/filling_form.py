"""How Helsenorge's filling service shows a Questionnaire and writes what was answered; R4, read on its own terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Element = dict[str, Any]
Given = Mapping[str, Sequence[str]]  # what fields hold, by linkId
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
VALUES = {"integer": "valueInteger", "decimal": "valueDecimal", "date": "valueDate", "boolean": "valueBoolean"}
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda answer, wanted: answer == wanted,
    "!=": lambda answer, wanted: answer != wanted,
    ">": lambda answer, wanted: answer > wanted,
    "<": lambda answer, wanted: answer < wanted,
    ">=": lambda answer, wanted: answer >= wanted,
    "<=": lambda answer, wanted: answer <= wanted,
}


@dataclass(frozen=True)
class Filling:
    """One form with what its fields hold. Expressions and repeated groups are not worked out here."""

    questionnaire: Element
    given: Given

    def shown(self) -> Iterator[Element]:
        """The questions and texts to show, in order."""
        yield from self._shown(self.questionnaire["item"])

    def response(self, task: str) -> Element:
        """The response to a task, named by its identifier; what does not show is not in it."""
        identifier = {"system": "urn:ietf:rfc:3986", "value": task}
        return {
            "resourceType": "QuestionnaireResponse",
            "questionnaire": f"{self.questionnaire['url']}|{self.questionnaire['version']}",
            "basedOn": [{"type": "ServiceRequest", "identifier": identifier}],
            "status": "completed",
            "source": {"type": "Patient"},
            "item": list(self._answered(self.questionnaire["item"])),
        }

    def _shown(self, items: Sequence[Element]) -> Iterator[Element]:
        for item in items:
            if not _is_hidden(item) and self._is_enabled(item):
                if item["type"] != "group" and not item.get("readOnly"):
                    yield item
                yield from self._shown(item.get("item", []))

    def _answered(self, items: Sequence[Element]) -> Iterator[Element]:
        for item in items:
            if not self._is_enabled(item):
                continue
            inner, answers = list(self._answered(item.get("item", []))), self._answers(item)
            if item["type"] == "group" and inner:
                yield {"linkId": item["linkId"], "item": inner}
            elif answers:
                answers[0] |= {"item": inner} if inner else {}
                yield {"linkId": item["linkId"], "answer": answers}

    def _answers(self, item: Element) -> list[Element]:
        """The answers to an item: what was written, or what a closed item begins with."""
        options = item.get("answerOption", [])
        if item.get("readOnly"):
            return [{"valueCoding": _coding(one)} for one in options if one.get("initialSelected")]
        written = [one.strip() for one in self.given.get(item["linkId"], ()) if one.strip()]
        chosen = [{"valueCoding": _coding(one)} for one in options if one["valueCoding"]["code"] in written]
        return chosen if options else [_value(item["type"], one) for one in written]

    def _is_enabled(self, item: Element) -> bool:
        conditions = item.get("enableWhen", [])
        met = [self._is_met(one) for one in conditions]
        return any(met) if item.get("enableBehavior") == "any" else all(met)

    def _is_met(self, condition: Element) -> bool:
        wanted = next(_plain(value) for name, value in condition.items() if name.startswith("answer"))
        asked = self._find(condition["question"], self.questionnaire["item"])
        answers = self._answers(asked) if asked and self._is_enabled(asked) else []
        values = [_plain(value) for answer in answers for value in answer.values()]
        if condition["operator"] == "exists":
            return bool(values) is wanted
        return any(type(one) is type(wanted) and TESTS[condition["operator"]](one, wanted) for one in values)

    def _find(self, link: str, items: Sequence[Element]) -> Element | None:
        for item in items:
            found = item if item["linkId"] == link else self._find(link, item.get("item", []))
            if found:
                return found
        return None


def _is_hidden(item: Element) -> bool:
    return any(one["url"] == HIDDEN for one in item.get("extension", []))


def _coding(option: Element) -> Element:
    return {name: option["valueCoding"][name] for name in ("system", "code", "display")}


def _plain(value: Any) -> Any:
    """A value as conditions compare it: of a coding the code, and numbers of one kind."""
    if isinstance(value, Mapping):
        return value["code"] if "code" in value else float(value["value"])
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _value(kind: str, written: str) -> Element:
    """What was written, of the type that is asked for; otherwise as it was written, for the receiver to judge."""
    try:
        value: Any = {"integer": int, "decimal": float, "boolean": bool}.get(kind, str)(written)
    except ValueError:
        return {"valueString": written}
    return {VALUES.get(kind, "valueString"): value}
