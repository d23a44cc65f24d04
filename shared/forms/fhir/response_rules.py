"""Whether a QuestionnaireResponse fits its Questionnaire, by the rules of R4; every flaw has its linkId."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from shared.forms.fhir.answer_rules import Offered, answer_flaws, offered_by, several_flaws
from shared.forms.fhir.elements import Element
from shared.forms.fhir.enabling import Enabling, Rows

FINAL = ("completed", "amended")
MOST_LEVELS = 20  # of items and answers in each other


class Reason(StrEnum):
    """What can be wrong with an item of a response."""

    UNKNOWN = "unknown"  # the Questionnaire has no such item
    PLACE = "place"  # it stands in another item than its own
    REPEATED = "repeated"  # more than one item or answer, or more than there may be
    HIDDEN = "hidden"  # it is answered and does not show
    REQUIRED = "required"  # it is not answered; only of responses that are completed
    TYPE = "type"
    OPTION = "option"
    LIMIT = "limit"
    CLOSED = "closed"  # it is the system's own to answer, and says something else


@dataclass(frozen=True, order=True)
class ResponseFlaw:
    """One thing that is wrong; the answer itself is not told."""

    link_id: str
    reason: Reason


def response_flaws(questionnaire: Element, response: Element) -> tuple[ResponseFlaw, ...]:
    """All that is wrong with a response, in the order of the Questionnaire; both as read from JSON.

    Conditions as expressions are not worked out: what they govern counts as shown.
    """
    if not is_tree(response):
        return (ResponseFlaw("", Reason.TYPE),)
    return tuple(dict.fromkeys(_Checker(questionnaire, response).flaws()))


@dataclass(frozen=True)
class _Checker:
    questionnaire: Element
    response: Element
    found: list[ResponseFlaw] = field(default_factory=list)

    @cached_property
    def enabling(self) -> Enabling:
        return Enabling(self.questionnaire, self.response)

    @cached_property
    def options(self) -> Mapping[str, Offered | None]:
        return offered_by(self.questionnaire)

    def flaws(self) -> Iterator[ResponseFlaw]:
        self._level(self.questionnaire.get("item", []), self.response.get("item", []), {})
        yield from self.found

    def _tell(self, link: str, reason: str) -> None:
        self.found.append(ResponseFlaw(link, Reason(reason)))

    def _level(self, asked: Sequence[Element], given: Sequence[Element], rows: Rows) -> None:
        """The items that stand in one item, or at the top."""
        links = {item["linkId"] for item in asked}
        for item in given:
            if item["linkId"] not in links:
                self._tell(item["linkId"], "place" if item["linkId"] in self.enabling.asked else "unknown")
        boxes = {item["linkId"] for item in given if {"valueBoolean": True} in item.get("answer", [])}
        for item in asked:
            here = [one for one in given if one["linkId"] == item["linkId"]]
            if self.enabling.shows(item["linkId"], rows):
                self._check_number(item, here, is_unknown=f"{item['linkId']}.unknown" in boxes)
                self._item(item, here, rows)
            else:
                for link in (link for one in here for link in _answered(one)):
                    self._tell(link, "hidden")

    def _check_number(self, item: Element, given: Sequence[Element], *, is_unknown: bool) -> None:
        """How often an item stands there; the box of our forms that says a number is unknown answers the number."""
        if len(given) > 1 and not (item["type"] == "group" and item.get("repeats")):
            self._tell(item["linkId"], "repeated")
        is_answered = any(any(_answered(one)) for one in given)
        if is_unknown and is_answered:
            self._tell(item["linkId"], "repeated")
        if item.get("required") and self._is_final and not (is_answered or is_unknown):
            self._tell(item["linkId"], "required")

    def _item(self, item: Element, given: Sequence[Element], rows: Rows) -> None:
        if item["type"] == "group":
            self._group(item, given, rows)
        elif item["type"] != "display":
            self._question(item, given, rows)
        elif any("answer" in one or "item" in one for one in given):
            self._tell(item["linkId"], "type")

    def _group(self, item: Element, given: Sequence[Element], rows: Rows) -> None:
        inner, is_repeated = item.get("item", []), item.get("repeats")
        for reason in several_flaws(item, len(given)):
            self._tell(item["linkId"], reason)
        if any("answer" in one for one in given):
            self._tell(item["linkId"], "type")
        for one in given if given or is_repeated else [{}]:
            self._level(inner, one.get("item", []), {**rows, item["linkId"]: one} if is_repeated else rows)

    def _question(self, item: Element, given: Sequence[Element], rows: Rows) -> None:
        link, answers = item["linkId"], [answer for one in given for answer in one.get("answer", [])]
        if any("item" in one for one in given):
            self._tell(link, "place")
        if len(answers) > 1 and not item.get("repeats"):
            self._tell(link, "repeated")
        for reason in (*several_flaws(item, len(answers)), *answer_flaws(item, answers, self.options[link])):
            self._tell(link, reason)
        for answer in answers:
            self._level(item.get("item", []), answer.get("item", []), rows)

    @property
    def _is_final(self) -> bool:
        return self.response.get("status") in FINAL


def _answered(item: Element) -> Iterator[str]:
    """The linkIds of what is answered: the item itself, and all inside it and its answers."""
    if item.get("answer"):
        yield item["linkId"]
    for part in (item, *item.get("answer", [])):
        for one in part.get("item", []):
            yield from _answered(one)


def is_tree(element: object, left: int = MOST_LEVELS) -> bool:
    """Whether items are lists of items with a linkId, answers lists of mappings, and neither goes down for ever."""
    if not isinstance(element, Mapping):
        return False
    items, answers = element.get("item", []), element.get("answer", [])
    if not isinstance(items, list) or not isinstance(answers, list) or not left:
        return False
    return all(_is_item(one, left - 1) for one in items) and all(is_tree(answer, left - 1) for answer in answers)


def _is_item(element: object, left: int) -> bool:
    return isinstance(element, Mapping) and isinstance(element.get("linkId"), str) and is_tree(element, left)
