"""Conditions as FHIR says them: `enableWhen` where it can, FHIRPath where it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.forms.context import CONTEXT, PREFIX
from shared.forms.definition import (
    NRS_UNKNOWN,
    UNKNOWN,
    All,
    AnyOf,
    Comparison,
    Condition,
    FormDefinition,
    Kind,
    Not,
    Op,
    Question,
    Type,
)
from shared.forms.fhir.elements import FHIRPATH, SDC, Element, extension, is_coded, system
from shared.forms.order import argument_names
from shared.forms.rules import names_in

TABLES = frozenset({Type.ROWS, Type.OPIOID_TABLE, Type.VISITS_TABLE})
ANSWERS: Mapping[Kind, str] = {
    Kind.INTEGER: "answerInteger",
    Kind.DECIMAL: "answerDecimal",
    Kind.TEXT: "answerString",
    Kind.DATE: "answerDate",
    Kind.BOOLEAN: "answerBoolean",
}
SIGNS: Mapping[Op, str] = {Op.EQUALS: "=", Op.CONTAINS: "=", Op.NOT_EQUALS: "!=", Op.GREATER: ">", Op.LESS: "<"}


def context_names(form: FormDefinition) -> list[str]:
    """The values of the context that conditions or computed answers of a form look at."""
    found = {name for section in form.sections for name in names_in(section.show_if)}
    for question in form.all_questions():
        found.update(names_in(question.show_if))
        found.update(argument_names(question.calculate) if question.calculate else ())
    return sorted(name for name in found if name.startswith(PREFIX))


@dataclass(frozen=True)
class Flat:
    """Comparisons of which all or any must hold, each an `enableWhen`."""

    atoms: tuple[Element, ...]
    is_any: bool = False


@dataclass(frozen=True)
class Conditions:
    """Conditions of one form. Values of the context are items of their own, named `context.<x>`."""

    form: FormDefinition
    questions: Mapping[str, Question]

    def enabling(self, condition: Condition | None, *, in_rows: bool = False) -> Element:
        """What an item says of when it shows; nothing where only words can say it."""
        if condition is None:
            return {}
        flat = self._flat(condition)
        if flat:
            behavior = {"enableBehavior": "any" if flat.is_any else "all"} if len(flat.atoms) > 1 else {}
            return {"enableWhen": list(flat.atoms), **behavior}
        if in_rows:  # FHIRPath has no way of naming the row that an item stands in
            return {}
        path = {"language": FHIRPATH, "expression": self.path(condition)}
        return {"extension": [extension(f"{SDC}sdc-questionnaire-enableWhenExpression", valueExpression=path)]}

    def _flat(self, condition: Condition) -> Flat | None:
        if isinstance(condition, Comparison):
            return self._atoms(condition)
        if isinstance(condition, Not) or not condition.parts:
            return None
        is_any = isinstance(condition, AnyOf)
        atoms: list[Element] = []
        for part in condition.parts:
            flat = self._flat(part)
            if flat is None or (len(flat.atoms) > 1 and flat.is_any is not is_any):
                return None
            atoms += flat.atoms
        return Flat(tuple(atoms), is_any)

    def _atoms(self, condition: Comparison) -> Flat | None:
        question, value = self.questions.get(condition.name), condition.value
        if question and question.type in TABLES:
            return None
        if condition.op is Op.EXISTS:
            names = [condition.name, *([f"{condition.name}.unknown"] if question and question.missing else [])]
            atoms = ({"question": name, "operator": "exists", "answerBoolean": bool(value)} for name in names)
            return Flat(tuple(atoms), is_any=bool(value))
        values = self._listed(condition, question)
        if values is not None:
            atoms = (self._atom(condition.name, "=", one, question) for one in values)
            return Flat(tuple(atoms), is_any=True) if values else None
        return Flat((self._atom(condition.name, SIGNS[condition.op], value, question),))

    def _listed(self, condition: Comparison, question: Question | None) -> list[Any] | None:
        """The answers of which one is enough: a list, or the codes above or below a code, which FHIR cannot compare."""
        if condition.op is Op.IN:
            return list(condition.value) if isinstance(condition.value, tuple) else []
        if condition.op not in {Op.GREATER, Op.LESS} or question is None or not question.options:
            return None
        bound: Any = condition.value
        codes = [o.code for o in question.options if not (question.type is Type.NRS and o.code == NRS_UNKNOWN)]
        return [code for code in codes if (code > bound if condition.op is Op.GREATER else code < bound)]

    def _atom(self, name: str, sign: str, value: Any, question: Question | None) -> Element:
        if value == UNKNOWN and question and question.missing:
            return {"question": f"{name}.unknown", "operator": sign, "answerBoolean": True}
        if question and is_coded(question):
            coded = {"system": system(self.form, question), "code": str(value)}
            return {"question": name, "operator": sign, "answerCoding": coded}
        return {"question": name, "operator": sign, ANSWERS[self.kind(name)]: value}

    def kind(self, name: str) -> Kind:
        """What an answer, or a value of the context, is."""
        question = self.questions.get(name)
        kind = question.kind if question else CONTEXT.get(name.removeprefix(PREFIX))
        return kind or Kind.TEXT

    def path(self, condition: Condition) -> str:
        """The condition as FHIRPath over the whole response."""
        if isinstance(condition, Comparison):
            return self._path(condition)
        if isinstance(condition, Not):
            return f"({self.path(condition.part)}).not()"
        word = " and " if isinstance(condition, All) else " or "
        return word.join(f"({self.path(part)})" for part in condition.parts) or "false"

    def _path(self, condition: Comparison) -> str:
        question = self.questions.get(condition.name)
        values = self._listed(condition, question)
        if values is not None:
            each = (self._path(Comparison(condition.name, Op.EQUALS, one)) for one in values)
            return f"({' or '.join(each)})" if values else "false"
        items = f"%resource.descendants().where(linkId='{condition.name}')"
        if condition.op is Op.EXISTS:
            found = items if question and question.type in TABLES else f"{items}.answer"
            return f"{found}.exists()" if condition.value else f"{found}.empty()"
        sign, value = SIGNS[condition.op], literal(condition.value, self.kind(condition.name))
        if question and is_coded(question):
            return f"{items}.answer.value.where(code {sign} '{condition.value}').exists()"
        return f"{items}.answer.value.where($this {sign} {value}).exists()"


def literal(value: object, kind: Kind) -> str:
    """A value as FHIRPath writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"@{value}" if kind is Kind.DATE else f"'{value}'"
    return str(value)
