"""In which order the questions of a form are worked out, so that whatever one depends on is known before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from shared.forms.context import LEGAL_BASIS
from shared.forms.definition import Calculation, FormDefinition, Question, Section, Type
from shared.forms.functions import FUNCTIONS, INCLUSION, Argument
from shared.forms.names import Tell
from shared.forms.registry_rules import RegistryRules
from shared.forms.rules import names_in


def working_order(form: FormDefinition, rules: RegistryRules, tell: Tell) -> list[str]:
    """Keys of the questions outside rows (and the legal basis, where the form decides it), dependencies first."""
    needs = {
        question.key: sorted(set(_needs(question, section, rules)))
        for section in form.sections
        for question in section.questions
    }
    start = start_question(form, rules)
    if start:
        needs[LEGAL_BASIS] = [start]
    return [name for name in _sorted(needs, form.key, tell) if name in needs]


def row_order(rows: Question, rules: RegistryRules, tell: Tell) -> list[str]:
    """Keys of the questions inside rows, dependencies first."""
    own = {inner.key for inner in rows.questions}
    needs = {inner.key: sorted(own.intersection(_needs(inner, None, rules))) for inner in rows.questions}
    return _sorted(needs, rows.key, tell)


def start_question(form: FormDefinition, rules: RegistryRules) -> str | None:
    """The question of this form that holds the course's start date, from which the legal basis follows."""
    place = rules.course.get("started_on")
    return place.question if place and place.form == form.key else None


def _sorted(needs: Mapping[str, Sequence[str]], place: str, tell: Tell) -> list[str]:
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        tell(place, f"goes in a circle: {' -> '.join(error.args[1])}")
        return []


def _needs(question: Question, section: Section | None, rules: RegistryRules) -> Iterator[str]:
    yield from names_in(question.show_if)
    yield from names_in(section.show_if if section else None)
    yield from names_in(question.fill.when if question.fill else None)
    if question.calculate:
        yield from argument_names(question.calculate)
        if question.calculate.function == INCLUSION and rules.inclusion:
            for condition in rules.inclusion.criteria:
                yield from names_in(condition)
    own = {inner.key for inner in question.questions}
    for inner in question.questions if question.type is Type.ROWS else ():
        yield from (name for name in _needs(inner, None, rules) if name not in own)


def argument_names(calculation: Calculation) -> Iterator[str]:
    """The names a calculation looks at."""
    function = FUNCTIONS.get(calculation.function)
    for name, kind in function.arguments.items() if function else ():
        value = calculation.arguments.get(name)
        if kind is Argument.VALUES and isinstance(value, tuple):
            yield from value
        elif kind in {Argument.VALUE, Argument.PICKED, Argument.ROWS} and isinstance(value, str):
            yield value
