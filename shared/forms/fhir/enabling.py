"""Which items of a Questionnaire show, with the answers of a response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.forms.fhir.elements import Element

Rows = Mapping[str, Element]  # linkId of a repeated group -> the one of its items that is looked at
SIZES = {">": (1,), ">=": (1, 0), "<": (-1,), "<=": (-1, 0)}


@dataclass(frozen=True)
class Enabling:
    """`enableWhen` of a Questionnaire over one response; a hidden answer is none."""

    questionnaire: Element
    response: Element

    @cached_property
    def asked(self) -> Mapping[str, tuple[Element, tuple[str, ...]]]:
        """Every item with the linkIds of those it stands in, the outermost first."""
        return {item["linkId"]: (item, path) for item, path in _items(self.questionnaire, ())}

    def shows(self, link: str, rows: Rows, seen: frozenset[str] = frozenset()) -> bool:
        """Whether an item shows, and all that it stands in; conditions that go in a circle hold."""
        item, path = self.asked[link]
        if link in seen:
            return True
        seen |= {link}
        return all(self.shows(outer, rows, seen) for outer in path) and self._holds(item, rows, seen)

    def _holds(self, item: Element, rows: Rows, seen: frozenset[str]) -> bool:
        conditions = item.get("enableWhen", [])
        found = (self._is_met(one, rows, seen) for one in conditions)
        return not conditions or (any(found) if item.get("enableBehavior") == "any" else all(found))

    def _is_met(self, condition: Element, rows: Rows, seen: frozenset[str]) -> bool:
        name = next(key for key in condition if key.startswith("answer"))
        answers = list(self._answers(condition["question"], rows, seen))
        if condition["operator"] == "exists":
            return bool(answers) is condition[name]
        return any(_compares(answer, condition["operator"], condition[name]) for answer in answers)

    def _answers(self, link: str, rows: Rows, seen: frozenset[str]) -> Iterator[Any]:
        """The answers to a question: those of the same row where it stands in the row that is looked at."""
        if link not in self.asked:
            return
        nearest = next((rows[outer] for outer in reversed(self.asked[link][1]) if outer in rows), self.response)
        for item, inside in self._given(nearest, rows):
            if item["linkId"] == link and self.shows(link, inside, seen):
                yield from (value for answer in item.get("answer", []) for value in _values(answer))

    def _given(self, element: Element, rows: Rows) -> Iterator[tuple[Element, Rows]]:
        for item in element.get("item", []):
            asked = self.asked.get(item["linkId"])
            inside = {**rows, item["linkId"]: item} if asked and asked[0].get("repeats") else rows
            yield item, inside
            yield from self._given(item, inside)
            for answer in item.get("answer", []):
                yield from self._given(answer, inside)


def _items(element: Element, path: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    for item in element.get("item", []):
        yield item, path
        yield from _items(item, (*path, item["linkId"]))


def _values(answer: Element) -> Iterator[Any]:
    yield from (value for name, value in answer.items() if name.startswith("value"))


def _compares(answer: Any, operator: str, wanted: Any) -> bool:
    if operator in {"=", "!="}:
        return is_same(answer, wanted) is (operator == "=")
    if not _is_sized(answer, wanted):
        return False
    return ((answer > wanted) - (answer < wanted)) in SIZES[operator]


def is_same(answer: Any, wanted: Any) -> bool:
    """Whether two values are one; a coding without a system is of any."""
    if isinstance(answer, Mapping) and isinstance(wanted, Mapping):
        systems = [one["system"] for one in (answer, wanted) if one.get("system") is not None]
        return bool(answer.get("code") == wanted.get("code") and systems[:1] == systems[-1:])
    return bool(answer == wanted) and isinstance(answer, bool) is isinstance(wanted, bool)


def _is_sized(answer: Any, wanted: Any) -> bool:
    both = (answer, wanted)
    is_number = all(isinstance(one, int | float) and not isinstance(one, bool) for one in both)
    return is_number or all(isinstance(one, str) for one in both)
