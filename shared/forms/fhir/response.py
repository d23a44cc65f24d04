"""Stored answers as a FHIR R4 QuestionnaireResponse, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.forms.compiled import CompiledForm
from shared.forms.context import CONTEXT, PREFIX
from shared.forms.definition import UNKNOWN, FormDefinition, Kind, Question, Type
from shared.forms.fhir.conditions import context_names
from shared.forms.fhir.elements import BASE, SECTION, Element, canonical, coding, is_coded, system

VALUES: Mapping[Kind | None, str] = {
    Kind.INTEGER: "valueInteger",
    Kind.DECIMAL: "valueDecimal",
    Kind.TEXT: "valueString",
    Kind.DATE: "valueDate",
    Kind.BOOLEAN: "valueBoolean",
}


def questionnaire_response(form: CompiledForm, document: Mapping[str, Any], status: str = "completed") -> Element:
    """A stored document with all that counts in it, computed answers and context included, and nobody's identity.

    The status is one of FHIR's, such as `in-progress`. Items of a row carry the row's id.
    """
    return {
        "resourceType": "QuestionnaireResponse",
        "language": BASE,
        "questionnaire": canonical(form.definition),
        "status": status,
        "item": list(_items(form, document)),
    }


def _items(form: CompiledForm, document: Mapping[str, Any]) -> Iterator[Element]:
    writer, values, context = _Writer(form.definition), document["values"], document["context"]
    given = {name: context.get(name.removeprefix(PREFIX)) for name in context_names(form.definition)}
    known = [
        _plain(name, CONTEXT[name.removeprefix(PREFIX)], value) for name, value in given.items() if value is not None
    ]
    if known:
        yield {"linkId": "context", "item": known}
    for section in form.definition.sections:
        items = [item for q in section.questions if q.key in values for item in writer.items(q, values[q.key])]
        if items:
            yield {"linkId": f"{SECTION}{section.key}", "item": items}


@dataclass(frozen=True)
class _Writer:
    form: FormDefinition

    def items(self, question: Question, value: Any) -> Iterator[Element]:
        """The items of a question that is answered."""
        if question.in_person_store or question.is_internal:
            return
        if question.missing and value == UNKNOWN:
            yield {"linkId": f"{question.key}.unknown", "answer": [{"valueBoolean": True}]}
        elif question.type is Type.ROWS:
            yield from (self._row(question, row) for row in value)
        elif question.type is Type.OPIOID_TABLE:
            yield {"linkId": question.key, "item": list(self._doses(question.key, value))}
        elif question.type is Type.VISITS_TABLE:
            yield {"linkId": question.key, "item": [_visit(question.key, *line) for line in value.items()]}
        else:
            several = value if isinstance(value, list) else [value]
            yield {"linkId": question.key, "answer": [self._answer(question, one) for one in several]}

    def _answer(self, question: Question, value: Any) -> Element:
        if is_coded(question):
            option = question.option(value)
            label = option.label if option else {"nb": str(value)}
            return {"valueCoding": coding(value, {BASE: label["nb"]}, system(self.form, question))}
        return {VALUES[question.kind]: value}

    def _row(self, question: Question, row: Mapping[str, Any]) -> Element:
        answered = ((inner, row[inner.key]) for inner in question.questions if inner.key in row)
        items = [item for inner, value in answered for item in self.items(inner, value)]
        return {"id": row["id"], "linkId": question.key, **({"item": items} if items else {})}

    def _doses(self, key: str, table: Mapping[str, Any]) -> Iterator[Element]:
        for name, dose in table["doses"].items():
            omeq = {"linkId": f"{key}.{name}.omeq", "answer": [{"valueDecimal": table["omeq"][name]}]}
            yield {"linkId": f"{key}.{name}", "answer": [{"valueDecimal": dose, "item": [omeq]}]}
        yield {"linkId": f"{key}.sum", "answer": [{"valueDecimal": table["sum"]}]}


def _plain(link_id: str, kind: Kind, value: Any) -> Element:
    return {"linkId": link_id, "answer": [{VALUES[kind]: value}]}


def _visit(key: str, code: str, times: int | None) -> Element:
    number = {} if times is None else {"item": [_plain(f"{key}.{code}.times", Kind.INTEGER, times)]}
    return {"linkId": f"{key}.{code}", "answer": [{"valueBoolean": True, **number}]}


def answers_of(form: CompiledForm, response: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a response as `CompiledForm.read_values` takes them; what the system works out is left behind.

    Items that the form does not know are kept under their linkId, so that reading tells of them.
    """
    found: dict[str, Any] = {}
    for item in response.get("item", []):
        if item["linkId"].startswith(SECTION):
            found |= _read(item.get("item", []), form.questions)
        elif item["linkId"] != "context":
            found |= _read([item], form.questions)
    return found


def _read(items: Iterable[Element], questions: Mapping[str, Question]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        key = item["linkId"]
        question = questions.get(key)
        if question is None and key.endswith(".unknown"):
            found |= {key.removesuffix(".unknown"): UNKNOWN} if _value(item) else {}
        elif question is None:
            found[key] = _value(item)
        elif question.type is Type.ROWS:
            inner = {one.key: one for one in question.questions}
            found.setdefault(key, []).append({"id": item.get("id"), **_read(item.get("item", []), inner)})
        elif question.type is not Type.COMPUTED:
            found[key] = _READERS.get(question.type, _value)(item)
    return found


def _value(item: Element) -> Any:
    return next(iter(_values(item)), None)


def _values(item: Element) -> list[Any]:
    answers = (value for answer in item.get("answer", []) for name, value in answer.items() if name.startswith("value"))
    return [answer["code"] if isinstance(answer, Mapping) else answer for answer in answers]


def _lines(item: Element) -> dict[str, Element]:
    prefix = f"{item['linkId']}."
    return {line["linkId"].removeprefix(prefix): line for line in item.get("item", [])}


def _read_doses(item: Element) -> dict[str, Any]:
    return {"doses": {name: _value(line) for name, line in _lines(item).items() if name != "sum"}}


def _read_visits(item: Element) -> dict[str, Any]:
    ticked = {code: line["answer"][0] for code, line in _lines(item).items() if _value(line)}
    return {code: next(map(_value, answer.get("item", [])), None) for code, answer in ticked.items()}


_READERS: Mapping[Type, Callable[[Element], Any]] = {
    Type.CHOICES: _values,
    Type.OPIOID_TABLE: _read_doses,
    Type.VISITS_TABLE: _read_visits,
}
