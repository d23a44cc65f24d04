"""The answers that an item offers, from its own options, a value set in the file, or a list of the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.forms.definition import Code, Option, Text
from shared.forms.fhir.elements import HL7
from shared.forms.fhir.intake.element import Element, Source, language_of
from shared.forms.fhir.intake.urls import ORDINAL
from shared.forms.read_question import NRS_OPTIONS, SOURCES

EXCLUSIVE = f"{HL7}questionnaire-optionExclusive"
OTHER: Mapping[str, str] = {"nb": "Annet", "nn": "Anna", "en": "Other"}


@dataclass(frozen=True)
class Offered:
    """One answer: its code as written, and what it gives in a score."""

    system: str
    code: str
    label: Text
    points: float | None = None
    is_exclusive: bool = False
    is_first: bool = False


@dataclass(frozen=True)
class Choice:
    """All answers of an item. `reference` names a list of the registry where the file only refers to it."""

    offered: tuple[Offered, ...] = ()
    reference: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether all codes are whole numbers, and are kept as such."""
        return bool(self.offered) and all(_is_number(one.code) for one in self.offered)

    def code(self, written: str) -> Code:
        """A code as answers have it."""
        is_number = self.is_numbered or "source" in self.reference
        return int(written) if is_number and _is_number(written) else written

    @property
    def other(self) -> Code:
        """The code for an answer in words of one's own."""
        return max(int(one.code) for one in self.offered) + 1 if self.is_numbered else "other"

    def find(self, system: str, code: str) -> Offered | None:
        """The answer that a coding means."""
        return next((o for o in self.offered if o.code == code and (not system or o.system == system)), None)


@dataclass(frozen=True)
class Lists:
    """What a file may refer to: the registry's lists, and the value sets in the file itself."""

    registry: str
    codes: Mapping[str, Sequence[Option]]
    sets: Mapping[str, tuple[Offered, ...]] = field(default_factory=dict)


def read_choice(element: Element, lists: Lists, *, is_open: bool) -> Choice:
    """The answers of an item; a flaw when it has none."""
    options, value_set = element.several("answerOption"), element.string("answerValueSet")
    if bool(options) is bool(value_set):
        element.flaw("", "needs answerOption or answerValueSet")
        return Choice()
    if options:
        offered = tuple(one for one in map(_option, options) if one)
    else:
        offered = lists.sets.get(value_set.removeprefix("#"), ()) if value_set.startswith("#") else ()
    reference = _reference(value_set, lists)
    if value_set and not offered and not reference:
        element.flaw("answerValueSet", f"is neither in the file nor a list of the registry: {value_set}")
    codes = [one.code for one in offered]
    if len(set(codes)) != len(codes):
        element.flaw("answerOption", "has the same code twice")
    return Choice(offered, reference, is_open)


def _option(element: Element) -> Offered | None:
    is_first, is_exclusive = element.flag("initialSelected"), element.extended(EXCLUSIVE, bool) is True
    points = element.extended(ORDINAL, int, float)
    kind, value = element.value()
    if kind == "Coding":
        found = _coding(Element(value, element.at("valueCoding"), element.source), points)
    elif kind in {"Integer", "String"}:
        found = Offered("", str(value), {"nb": str(value)}, points)
    else:
        element.flaw("", f"is an answer of a kind that forms do not offer: {kind}")
        return None
    element.finish()
    return Offered(found.system, found.code, found.label, found.points, is_exclusive, is_first)


def _coding(element: Element, points: Any) -> Offered:
    system, code = element.string("system"), element.string("code", needed=True)
    inner, label = element.extended(ORDINAL, int, float), element.words("display") or {"nb": code}
    element.string("id")
    element.finish()
    return Offered(system, code, label, inner if points is None else points)


def _reference(value_set: str, lists: Lists) -> Mapping[str, str]:
    kind, _, name = value_set.removeprefix(f"urn:registry:{lists.registry}:").partition(":")
    if value_set.startswith(f"urn:registry:{lists.registry}:"):
        if kind in SOURCES and not name:
            return {"source": kind}
        if kind in {"coding", "codelist"} and name:
            return {kind: name}
    return {}


def read_value_sets(elements: Sequence[Element], source: Source) -> dict[str, tuple[Offered, ...]]:
    """The value sets that a file contains, by id."""
    found: dict[str, tuple[Offered, ...]] = {}
    for element in elements:
        key = element.string("id", needed=True)
        element.path = f"contained.{key}"
        if element.string("resourceType") != "ValueSet":
            element.flaw("", "is no ValueSet")
            continue
        for about in ("url", "version", "name", "title", "status", "publisher", "date", "description"):
            element.string(about)
        for about in ("meta", "text", "experimental", "identifier", "contact"):
            element.take(about, object)
        compose = element.inner("compose")
        found[key] = tuple(_concepts(compose, source)) if compose else ()
        element.finish()
    return found


def _concepts(compose: Element, source: Source) -> Iterator[Offered]:
    for include in compose.several("include"):
        system = include.string("system")
        include.string("version")
        for concept in include.several("concept"):
            label = concept.words("display") or {}
            for other in concept.several("designation"):
                language, value = language_of(other.string("language")), other.string("value")
                label |= {language: value} if language else {}
                other.take("use", object)
                other.finish()
            points, code = concept.extended(ORDINAL, int, float), concept.string("code", needed=True)
            concept.finish()
            yield Offered(system, code, label or {source.language: code}, points)
        include.finish()
    compose.finish()


def answers_in(choice: Choice, lists: Lists, *, is_repeated: bool) -> dict[str, Any]:
    """The part of a question that says which answers there are."""
    if choice.reference:
        return dict(choice.reference)
    listed = None if is_repeated or choice.is_open else _listed(choice, lists)
    if listed:
        return listed
    options: list[dict[str, Any]] = [
        {"code": choice.code(o.code), "label": o.label, **({"exclusive": True} if o.is_exclusive else {})}
        for o in choice.offered
    ]
    return {"options": [*options, *([{"code": choice.other, "label": dict(OTHER)}] if choice.is_open else [])]}


def is_nrs(choice: Choice) -> bool:
    """Whether the answers are those of a numeric rating scale."""
    return [(o.code, o.label) for o in choice.offered] == [(str(o.code), o.label) for o in NRS_OPTIONS]


def _listed(choice: Choice, lists: Lists) -> dict[str, Any] | None:
    """The registry's list that the answers are from, if their codes and texts are its own."""
    systems = {one.system for one in choice.offered}
    prefix = f"urn:registry:{lists.registry}:codelist:"
    name = systems.pop().removeprefix(prefix) if len(systems) == 1 else ""
    own = {str(option.code): option for option in lists.codes.get(name, ())}
    order = [code for code in own if any(o.code == code for o in choice.offered)]
    same = [o for o in choice.offered if o.code in own and own[o.code].label == o.label]
    if [o.code for o in choice.offered] != order or len(same) != len(choice.offered):
        return None
    allowed = {"allowed": [own[code].code for code in order]} if len(order) < len(own) else {}
    return {"codelist": name, **allowed}


def _is_number(code: str) -> bool:
    return code.isdecimal() and code.isascii() and str(int(code)) == code
