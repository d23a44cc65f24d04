"""Questions as items of a FHIR Questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.forms.definition import Bound, Column, Interval, Kind, Question, Type
from shared.forms.fhir.calculations import calculated
from shared.forms.fhir.conditions import Conditions
from shared.forms.fhir.elements import (
    HIDDEN,
    HL7,
    Element,
    coding,
    control,
    extension,
    filled,
    is_coded,
    system,
    worded,
)
from shared.forms.fhir.notes import Notes
from shared.forms.page_maker import MULTILINE_FROM
from shared.forms.problems import said
from shared.forms.read_answers import MOST_ROWS

KINDS: Mapping[Kind, str] = {
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "decimal",
    Kind.TEXT: "string",
    Kind.DATE: "date",
    Kind.BOOLEAN: "boolean",
}
VALUES: Mapping[str, str] = {"integer": "valueInteger", "decimal": "valueDecimal", "date": "valueDate"}


@dataclass(frozen=True)
class Items:
    """Makes the items of one form."""

    conditions: Conditions
    notes: Notes

    def items(self, question: Question, table: str, *, in_rows: bool = False) -> Iterator[Element]:
        """The item of a question, and beside it the box for an unknown number."""
        enabling = self.conditions.enabling(question.show_if, in_rows=in_rows)
        made = _MAKERS.get(question.type, Items._single)(self, question)
        extensions = [
            *enabling.get("extension", []),
            *made.get("extension", []),
            *(calculated(question.calculate, self.conditions, in_rows=in_rows) if question.calculate else []),
            *([HIDDEN] if question.is_hidden else []),
            *self.notes.note(question, is_condition_said=bool(enabling) or question.show_if is None),
        ]
        yield filled(
            {
                "linkId": question.key,
                "code": self._codes(question.column, table),
                **worded("text", question.label),
                **made,
                **enabling,
                "extension": extensions,
                "required": question.required or None,
                "initial": self._initial(question),
                "readOnly": question.type is Type.COMPUTED or None,
                "item": [*made.get("item", []), *_texts_beside(question)],
            }
        )
        if question.missing:
            box = {"linkId": f"{question.key}.unknown", "type": "boolean", **worded("text", question.missing.label)}
            yield filled({**box, "code": self._codes(question.missing.column, table), **enabling})

    def _codes(self, column: Column | None, table: str) -> Sequence[Element]:
        of = f"urn:registry:{self.conditions.form.registry}:table:{table}"
        return [{"system": of, "code": column.field, "display": column.name}] if column else []

    def _initial(self, question: Question) -> Sequence[Element]:
        """Where options are listed, one of them says that it is the initial one."""
        if question.initial is None or question.options:
            return []
        kind = KINDS[self.conditions.kind(question.key)]
        if is_coded(question):
            of = system(self.conditions.form, question)
            return [{"valueCoding": {"system": of, "code": str(question.initial)}}]
        return [{f"value{kind.capitalize()}": question.initial}]

    def _single(self, question: Question) -> Element:
        kind = KINDS[self.conditions.kind(question.key)]
        if question.type is Type.TEXT:
            is_long = (question.max_length or MULTILINE_FROM + 1) > MULTILINE_FROM
            return {"type": "text" if is_long else "string", "maxLength": question.max_length}
        if question.options:
            return self._coded(question)
        unit = [extension(f"{HL7}questionnaire-unit", valueCoding=worded("display", question.unit or {}))]
        places = [extension(f"{HL7}maxDecimalPlaces", valueInteger=question.decimals)]
        limits = _limits(question.limit, kind)
        extensions = [*limits, *(unit if question.unit else []), *(places if kind == "decimal" else [])]
        return {"type": kind, "extension": extensions}

    def _coded(self, question: Question) -> Element:
        of = system(self.conditions.form, question)
        several = {"repeats": True} if question.type is Type.CHOICES else {}
        if not question.options:
            return {"type": "choice", "answerValueSet": of, **several}
        exclusive = [extension(f"{HL7}questionnaire-optionExclusive", valueBoolean=True)]
        options = [
            filled(
                {
                    "extension": exclusive if o.exclusive else [],
                    "valueCoding": coding(o.code, o.label, of),
                    "initialSelected": o.code == question.initial or None,
                }
            )
            for o in question.options
        ]
        return {"type": "choice", "answerOption": options, **several}

    def _rows(self, question: Question) -> Element:
        inner = [item for q in question.questions for item in self.items(q, question.table or "", in_rows=True)]
        most = extension(f"{HL7}questionnaire-maxOccurs", valueInteger=MOST_ROWS)
        return {"type": "group", "repeats": True, "extension": [most], "item": inner}

    def _opioids(self, question: Question) -> Element:
        limits = _limits(question.limit, "decimal") or _limits(Interval(low=(0,)), "decimal")
        places = extension(f"{HL7}maxDecimalPlaces", valueInteger=question.decimals)
        lines = []
        for item in question.preparations.items if question.preparations else ():
            unit = extension(f"{HL7}questionnaire-unit", valueCoding={"display": item.unit})
            omeq = self._worked_out(f"{question.key}.{item.key}.omeq")
            line = {"linkId": f"{question.key}.{item.key}", "type": "decimal", **worded("text", item.label)}
            lines.append({**line, "extension": [*limits, unit, places], "item": [omeq]})
        return {"type": "group", "item": [*lines, self._worked_out(f"{question.key}.sum")]}

    def _worked_out(self, link_id: str) -> Element:
        unit = extension(f"{HL7}questionnaire-unit", valueCoding=worded("display", said("codebook.omeq_unit")))
        text = said("codebook.sum" if link_id.endswith(".sum") else "note.omeq")
        return {"linkId": link_id, "type": "decimal", **worded("text", text), "readOnly": True, "extension": [unit]}

    def _visits(self, question: Question) -> Element:
        lines = []
        for line in question.lines:
            link_id = f"{question.key}.{line.code}"
            times = {"linkId": f"{link_id}.times", "type": "integer", **worded("text", said("note.times"))}
            inner = [filled({**times, "extension": _limits(question.limit, "integer")}), *_help(link_id, line.help)]
            lines.append({"linkId": link_id, "type": "boolean", **worded("text", line.label), "item": inner})
        return {"type": "group", "item": lines}


_MAKERS: Mapping[Type, Callable[[Items, Question], Element]] = {
    Type.CHOICE: Items._coded,  # noqa: SLF001 - parts of the class above
    Type.CHOICES: Items._coded,  # noqa: SLF001
    Type.NRS: Items._coded,  # noqa: SLF001
    Type.ROWS: Items._rows,  # noqa: SLF001
    Type.OPIOID_TABLE: Items._opioids,  # noqa: SLF001
    Type.VISITS_TABLE: Items._visits,  # noqa: SLF001
}


def _texts_beside(question: Question) -> list[Element]:
    prompt = {"linkId": f"{question.key}.hint", "type": "display", "extension": [control("prompt")]}
    hints = [{**prompt, **worded("text", question.hint)}] if question.hint else []
    return [*hints, *_help(question.key, question.help)]


def _help(link_id: str, text: Mapping[str, str] | None) -> list[Element]:
    beside = {"linkId": f"{link_id}.help", "type": "display", "extension": [control("help")]}
    return [{**beside, **worded("text", text)}] if text else []


def _limits(interval: Interval | None, kind: str) -> list[Element]:
    """The strictest written bounds; those taken from other answers are told in the note."""
    if interval is None or kind not in VALUES:
        return []
    low, high = (_written(bounds, kind) for bounds in (interval.low, interval.high))
    least = [extension(f"{HL7}minValue", **{VALUES[kind]: max(low)})] if low else []
    return [*least, *([extension(f"{HL7}maxValue", **{VALUES[kind]: min(high)})] if high else [])]


def _written(bounds: tuple[Bound, ...], kind: str) -> list[Any]:
    kinds = (str,) if kind == "date" else (int, float)
    return [bound for bound in bounds if isinstance(bound, kinds)]
