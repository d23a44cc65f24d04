"""A response from outside as a document of ours, or all that is wrong with it, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.forms.compiled import CompiledForm
from shared.forms.definition import Audience, Type
from shared.forms.fhir.elements import HIDDEN, SDC, Element, canonical
from shared.forms.fhir.enabling import is_same
from shared.forms.fhir.places import ROOT, place_of_element, places_of
from shared.forms.fhir.questionnaire import questionnaire
from shared.forms.fhir.response import answers_of, questionnaire_response
from shared.forms.fhir.response_rules import FINAL, Reason, is_tree, response_flaws

# Whose answers they are, an order says; a response brings nobody's name or number, only whether a parent has answered.
TAKEN = frozenset(
    (
        *("resourceType", "id", "meta", "language", "identifier", "basedOn", "questionnaire", "status", "authored"),
        *("source", "item"),
    )
)
PATIENT, PARENT = {"type": "Patient"}, {"type": "RelatedPerson"}
BY_EXPRESSION = f"{SDC}sdc-questionnaire-enableWhenExpression"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, as FHIRPath, and how. What was answered is not told."""

    places: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True)
class HandedIn:
    """A response that was read: its document, or its faults."""

    document: dict[str, Any]
    faults: tuple[Fault, ...] = ()


def read_response(form: CompiledForm, response: object, today: date) -> HandedIn:
    """Read a whole response of a patient; one with faults gives no document."""
    faults = tuple(_head_faults(form, response))
    if faults or not isinstance(response, dict):
        return HandedIn({}, faults)
    return _Reading(form, response, today).result()


def _head_faults(form: CompiledForm, response: object) -> Iterator[Fault]:
    if not isinstance(response, dict) or response.get("resourceType") != "QuestionnaireResponse":
        yield Fault((f"{ROOT}.resourceType",), Reason.TYPE)
        return
    for name in sorted(response.keys() - TAKEN):
        yield Fault((place_of_element(name),), Reason.UNKNOWN)
    offered = {"status": FINAL, "questionnaire": (canonical(form.definition),), "source": (PATIENT, PARENT)}
    for name, values in offered.items():
        if response.get(name, PATIENT if name == "source" else None) not in values:
            yield Fault((f"{ROOT}.{name}",), Reason.OPTION)
    if not _is_moment(response.get("authored")):
        yield Fault((f"{ROOT}.authored",), Reason.TYPE)
    if not is_tree(response):
        yield Fault((f"{ROOT}.item",), Reason.TYPE)
    elif not response.get("item"):
        yield Fault((f"{ROOT}.item",), Reason.REQUIRED)


def _is_moment(written: object) -> bool:
    try:
        return written is None or (isinstance(written, str) and datetime.fromisoformat(written).tzinfo is not None)
    except ValueError:
        return False


class _Reading:
    """One response of which the head is right."""

    def __init__(self, form: CompiledForm, response: Element, today: date) -> None:
        self.form, self.response, self.context = form, response, {"today": today}
        self.made = questionnaire(form, Audience.PATIENT)
        self.closed = {top["linkId"]: top for top in self.made["item"] if HIDDEN in top.get("extension", [])}
        sections = (s for s in form.definition.sections if s.audience is not Audience.CLINICIAN)
        self.asked = {question.key for section in sections for question in section.questions}
        self.start = form.new_for_patient()
        self.start["answers"] = {key: value for key, value in self.start["answers"].items() if key not in self.asked}

    def result(self) -> HandedIn:
        """The document, unless something is wrong."""
        own = self._own_items()
        given = [item for item in self.response["item"] if item["linkId"] not in self.closed]
        whole = {**self.response, "item": [*own, *given]}
        found = [*self._own_flaws(own), *self._flaws(whole)]
        document = self.start
        if not found:
            answers = {key: value for key, value in answers_of(self.form, whole).items() if key in self.asked}
            draft = self.form.read_values(answers, self.start)
            document = draft.document
            found = [(self._link(problem.path), Reason.LIMIT) for problem in draft.problems]
            found = found or list(self._engine_flaws(document))
        return HandedIn({} if found else document, tuple(Fault(self._places(*one), one[1]) for one in found))

    def _places(self, link: str, reason: Reason) -> tuple[str, ...]:
        return places_of(self.response, link, is_missing=reason is Reason.REQUIRED)

    def _own_items(self) -> list[Element]:
        """What the system answers: values of the context, and the fixed answers of what patients never see."""
        known = {item["linkId"] for top in self.closed.values() for item in top["item"]}
        context = {name: value.isoformat() for name, value in self.context.items()}
        made = questionnaire_response(self.form, {"values": self.start["answers"], "context": context})["item"]
        own = [{**top, "item": [item for item in top["item"] if item["linkId"] in known]} for top in made]
        return [top for top in own if top["linkId"] in self.closed and top["item"]]

    def _own_flaws(self, own: Sequence[Element]) -> Iterator[tuple[str, Reason]]:
        """A response may repeat what the system answers, and say nothing else there."""
        asked = {item["linkId"] for top in self.closed.values() for item in top["item"]}
        right = {item["linkId"]: item["answer"] for top in own for item in top["item"]}
        for top in self.response["item"]:
            if top["linkId"] in self.closed:
                for item in top.get("item", []):
                    link = item["linkId"]
                    if link not in asked:
                        yield link, Reason.UNKNOWN
                    elif not _is_repeated(item, right.get(link, [])):
                        yield link, Reason.CLOSED
                if "answer" in top:
                    yield top["linkId"], Reason.TYPE

    def _flaws(self, whole: Element) -> Iterator[tuple[str, Reason]]:
        """By the rules of R4; whether an expression has opened what is missing, the engine says."""
        unsure = set(_by_expression(self.made))
        for flaw in response_flaws(self.made, whole):
            if flaw.reason is not Reason.REQUIRED or flaw.link_id not in unsure:
                yield flaw.link_id, flaw.reason

    def _engine_flaws(self, document: Mapping[str, Any]) -> Iterator[tuple[str, Reason]]:
        shown = set(self.form.visible(document, self.context))
        for path in self._answered_paths(document):
            if path not in shown:
                yield self._link(path), Reason.HIDDEN
        for problem in self.form.check(document, self.context):
            yield self._link(problem.path), Reason.LIMIT
        for link in _by_expression(self.made):
            is_missing = link in self.asked & shown and link not in document["answers"]
            if is_missing and self.form.questions[link].required and self.form.questions[link].is_stored:
                yield link, Reason.REQUIRED

    def _answered_paths(self, document: Mapping[str, Any]) -> Iterator[str]:
        for key in self.asked & document["answers"].keys():
            yield key
            if self.form.questions[key].type is Type.ROWS:
                rows = document["answers"][key]
                yield from (f"{key}.{row['id']}.{inner}" for row in rows for inner in row.keys() - {"id"})

    def _link(self, path: str) -> str:
        """The linkId of a path; inside rows it is the question's own key."""
        key, _, inside = path.partition(".")
        question = self.form.questions.get(key)
        is_in_row = question is not None and question.type is Type.ROWS and "." in inside
        return inside.partition(".")[2] if is_in_row else path


def _is_repeated(item: Element, right: Sequence[Element]) -> bool:
    """Whether an item says only what the system says."""
    said, wanted = (
        [value for answer in answers for name, value in answer.items() if name.startswith("value")]
        for answers in (item.get("answer", []), right)
    )
    return "item" not in item and all(any(is_same(one, other) for other in wanted) for one in said)


def _by_expression(element: Element, *, is_inside: bool = False) -> Iterator[str]:
    """The linkIds of items that an expression shows or hides, alone or with what they stand in."""
    for item in element.get("item", []):
        is_governed = is_inside or any(one["url"] == BY_EXPRESSION for one in item.get("extension", []))
        if is_governed:
            yield item["linkId"]
        yield from _by_expression(item, is_inside=is_governed)
