"""The codebook of a registry: every variable of every form, from the compiled definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from shared.forms.columns import ColumnSpec, columns_of_question
from shared.forms.compiled import CompiledForm
from shared.forms.definition import (
    All,
    Audience,
    Code,
    Condition,
    FormDefinition,
    Option,
    Question,
    Section,
    Text,
    Type,
)
from shared.forms.problems import said
from shared.forms.registry import Registry
from shared.forms.rules import names_in
from shared.forms.variable import Variable, VariableCode, VariableColumn


def codebook(registry: Registry) -> tuple[Variable, ...]:
    """All variables: forms in the registry's order, questions in page order, those inside rows after their rows.

    Variables that only older versions have come last in their form. Answers that stay in the unit are left out.
    """
    others = sorted(set(registry.forms) - set(registry.form_keys))
    keys = (key for key in (*registry.form_keys, *others) if key in registry.forms)
    return tuple(variable for key in keys for variable in _Book(registry.key, registry.forms[key]).variables())


@dataclass(frozen=True)
class _Place:
    """A question where a version of a form has it."""

    form: FormDefinition
    section: Section
    rows: Question | None
    question: Question

    def shown_when(self) -> Condition | None:
        around = (self.section.show_if, self.rows.show_if if self.rows else None, self.question.show_if)
        parts = tuple(part for condition in around for part in _flat(condition))
        return All(parts) if len(parts) > 1 else next(iter(parts), None)

    def answered_by(self) -> Audience:
        return self.section.audience or self.form.audience


def _flat(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, All) else (condition,)


def _places(form: FormDefinition) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for section in form.sections:
        for question in section.questions:
            found[question.key] = _Place(form, section, None, question)
            found |= {f"{question.key}.{q.key}": _Place(form, section, question, q) for q in question.questions}
    return {path: place for path, place in found.items() if not place.question.is_internal}


class _Book:
    """The variables of one form, over all its versions."""

    def __init__(self, registry: str, versions: Mapping[int, CompiledForm]) -> None:
        self._registry = registry
        self._forms = {number: versions[number].definition for number in sorted(versions, reverse=True)}
        self._places = {number: _places(form) for number, form in self._forms.items()}

    def variables(self) -> Iterator[Variable]:
        paths = dict.fromkeys(path for places in self._places.values() for path in places)
        return map(self._variable, paths)

    def _variable(self, path: str) -> Variable:
        having = {number: places[path] for number, places in self._places.items() if path in places}
        first, last = min(having), max(having)
        place, after = having[last], [number for number in self._forms if number > last]
        return Variable(
            registry=self._registry,
            form=place.form.key,
            form_title=place.form.title,
            form_short=place.form.short,
            section=place.section.key,
            section_title=place.section.title,
            rows=place.rows.key if place.rows else None,
            question=place.question,
            answered_by=place.answered_by(),
            codes=tuple(_codes({number: place.question for number, place in having.items()})),
            columns=tuple(_columns(place)),
            shown_when=place.shown_when(),
            opens=tuple(_opens(place.question.key, self._places[last].values())),
            first_version=first,
            last_version=last,
            first_on=self._forms[first].published_on,
            last_on=self._forms[min(after)].published_on if after else None,
            scope={question.key: question for question in place.form.all_questions()},
        )


def _opens(key: str, places: Iterable[_Place]) -> Iterator[str]:
    return (place.question.key for place in places if key in names_in(place.shown_when()))


def _codes(questions: Mapping[int, Question]) -> Iterator[VariableCode]:
    """The codes of the newest version, then those that only older ones have; `questions` are newest first."""
    lists = {number: {option.code: option for option in _options(question)} for number, question in questions.items()}
    for code in dict.fromkeys(code for options in lists.values() for code in options):
        having = {number: options[code] for number, options in lists.items() if code in options}
        option = having[max(having)]
        yield VariableCode(
            code=code,
            label=option.label,
            help=option.help,
            is_exclusive=option.exclusive,
            valid_from=option.valid_from,
            valid_to=option.valid_to,
            first_version=min(having),
            last_version=max(having),
            earlier=tuple(_earlier({number: having[number].label for number in sorted(having, reverse=True)})),
        )


def _earlier(labels: Mapping[int, Text]) -> Iterator[tuple[int, Text]]:
    """Where the text changes on the way back, with the last version that had the older one; newest first."""
    for newer, older in pairwise(labels):
        if labels[newer] != labels[older]:
            yield older, labels[older]


def _options(question: Question) -> tuple[Option, ...]:
    """The question's options; for yes and no the codes that their column holds."""
    if question.type is not Type.BOOLEAN:
        return question.options
    return (Option(0, said("shown.no")), Option(1, said("shown.yes")))


def _columns(place: _Place) -> Iterator[VariableColumn]:
    table = place.rows.table if place.rows and place.rows.table else place.form.table
    for spec in columns_of_question(place.question):
        label, unit = _label_and_unit(spec)
        yield VariableColumn(
            table=table,
            form_order=None if place.rows else place.form.form_order,
            field=spec.field,
            name=spec.name,
            kind=spec.kind,
            role=spec.role,
            part=spec.part,
            label=label,
            unit=unit,
        )


def _label_and_unit(spec: ColumnSpec) -> tuple[Text, Text | None]:
    question = spec.question
    if spec.role == "unknown" and question.missing:
        return question.missing.label, None
    if spec.role == "sum":
        return said("codebook.sum"), said("codebook.omeq_unit")
    if spec.part is None:
        return question.label, question.unit
    part, unit = _part(spec)
    if spec.role == "tick":
        return part, None
    return said(f"codebook.{spec.role}", part), said("codebook.omeq_unit") if spec.role == "omeq" else unit


def _part(spec: ColumnSpec) -> tuple[Text, Text | None]:
    """The label and unit of the option, caregiver or preparation that a column is of."""
    question = spec.question
    parts: dict[Code, tuple[Text, Text | None]] = {option.code: (option.label, None) for option in question.options}
    parts |= {line.code: (line.label, None) for line in question.lines}
    for item in question.preparations.items if question.preparations else ():
        parts[item.key] = (item.label, {"nb": item.unit})
    return parts[spec.part] if spec.part is not None else (question.label, question.unit)
