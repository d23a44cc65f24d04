"""Computed items: scores as Helsenorge's editor marks them, and the expressions that can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.forms.definition import Calculation
from shared.forms.fhir.calculations import prorated
from shared.forms.fhir.intake.item import Item
from shared.forms.fhir.intake.urls import EXPRESSIONS

QUESTION, SECTION, TOTAL = "QS", "SS", "TS"
ANSWER = r"(?:%resource|QuestionnaireResponse)\.descendants\(\)\.where\(linkId\s*=\s*'([^']+)'\)\.answer\.value"
ONE = re.compile(ANSWER)
TERM = re.compile(rf"{ANSWER}(\.code\.toInteger\(\)|\.ordinal\(\))?")
FIRST = re.compile(rf"iif\({ANSWER}\.exists\(\), {ANSWER}, (.+)\)")
PRORATED = re.compile(r"iif\(.*<= (\d+)\)\.count\(\) >= \d+ - (\d+), .*\Z", re.DOTALL)
Made = dict[str, Any]


@dataclass(frozen=True)
class Scores:
    """The items of a file, and in which groups each stands (linkIds, the outermost first)."""

    items: Mapping[str, Item]
    groups: Mapping[str, tuple[str, ...]]

    def of(self, item: Item) -> Made | None:
        """How the item is worked out; None when it is answered by people."""
        expressions = [found for url in EXPRESSIONS if (found := item.element.extended(url, str, dict)) is not None]
        if item.formula in {SECTION, TOTAL}:
            return self._score(item)
        if not expressions:
            return None
        found = expressions[0]
        written = str(found.get("expression", "") if isinstance(found, Mapping) else found).strip()
        made = self._read(item, written)
        if made is None:
            item.element.flaw("calculatedExpression", f"is no sum and no answer taken over: {written[:200]}")
        return made

    def _score(self, item: Item) -> Made:
        here = self.groups[item.link]
        links = [
            other.link
            for other in self.items.values()
            if other.formula == QUESTION and (item.formula == TOTAL or self.groups[other.link][: len(here)] == here)
        ]
        if not links:
            item.element.flaw("code", f"is a score of nothing: no question with {QUESTION}")
        return self._sum(item, links, is_points=True)

    def _read(self, item: Item, written: str) -> Made | None:
        terms = [TERM.fullmatch(part.strip()) for part in re.split(r"\s+\+\s+", written)]
        links = [term.group(1) for term in terms if term]
        if len(links) == len(terms) and (len(links) > 1 or terms[0].group(2)):  # type: ignore[union-attr]
            return self._sum(item, links, is_points=any(t and t.group(2) == ".ordinal()" for t in terms))
        if only := ONE.fullmatch(written):
            return _call("value_of", value=self._key(item, only.group(1)))
        if found := self._firsts(item, written):
            return _call("first_of", values=found)
        return self._prorated(item, written)

    def _firsts(self, item: Item, written: str) -> list[str]:
        if found := FIRST.fullmatch(written):
            others = self._firsts(item, found.group(3))
            return [self._key(item, found.group(1)), *others] if found.group(1) == found.group(2) and others else []
        return [self._key(item, last.group(1))] if (last := ONE.fullmatch(written)) else []

    def _prorated(self, item: Item, written: str) -> Made | None:
        numbers = PRORATED.fullmatch(written)
        links = list(dict.fromkeys(re.findall(r"linkId='([^']+)'", written)))
        if not numbers:
            return None
        given = {"highest": int(numbers.group(1)), "most_missing": int(numbers.group(2))}
        if prorated(Calculation("prorated_sum", {"items": tuple(links), **given})) != written:
            return None
        return _call("prorated_sum", items=[self._key(item, link) for link in links], **given)

    def _key(self, item: Item, link: str) -> str:
        if link.startswith("context."):
            return link
        if link not in self.items:
            item.element.flaw("calculatedExpression", f"names no question of the form: {link!r}")
        return self.items[link].key if link in self.items else link

    def _sum(self, item: Item, links: Sequence[str], *, is_points: bool) -> Made:
        keys, given = [self._key(item, link) for link in links], list[dict[Any, float]]()
        for link in links if is_points else ():
            other = self.items.get(link)
            points = {o.code: o.points for o in other.choice.offered} if other and other.choice else {}
            if other is None or not points or None in points.values() or other.is_repeated:
                item.element.flaw("code", f"adds {link!r}, whose options do not all have an ordinalValue")
                return _call("sum_of", items=keys)
            code = other.choice.code if other.choice else str
            given.append({code(written): _whole(number) for written, number in points.items() if number is not None})
        if all(code == number for points in given for code, number in points.items()):
            return _call("sum_of", items=keys)
        return _call("sum_of_points", items=keys, points=given)


def _call(function: str, **arguments: Any) -> Made:
    return {"function": function, "arguments": arguments}


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else number
