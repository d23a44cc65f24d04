"""Questions made ready to be asked about answers: their conditions and calculations as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.forms.context import PREFIX, View
from shared.forms.definition import FormDefinition, Question, Section, Type, say
from shared.forms.functions import FUNCTIONS, INCLUSION, WRITTEN, Argument
from shared.forms.names import Tell
from shared.forms.order import argument_names, row_order
from shared.forms.registry_rules import InclusionRule, RegistryRules
from shared.forms.rules import Rule, both, compile_rule, names_in

Calculate = Callable[[View], Any]


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question with its functions. `inner` are the questions of a row, in working order."""

    question: Question
    section: Section
    shows: Rule | None
    needs: Rule | None
    fills: Rule | None
    calculate: Calculate | None
    drives: bool
    inner: tuple[Item, ...] = ()

    @cached_property
    def has_option_rules(self) -> bool:
        """Whether a code may be out of use, or may only stand alone."""
        question = self.question
        options = question.coding.options.values() if question.coding else question.options
        rules = (o.exclusive or o.valid_from is not None or o.valid_to is not None for o in options)
        return question.type in {Type.CHOICE, Type.CHOICES} and any(rules)

    @property
    def is_follow_up(self) -> bool:
        """Whether another question of the form opened this one."""
        return any(not name.startswith(PREFIX) for name in names_in(self.question.show_if))


def make_items(form: FormDefinition, rules: RegistryRules, tell: Tell) -> dict[str, Item]:
    """All questions outside rows by key, in page order."""
    makers = _Maker(form, rules, tell)
    return {q.key: makers.item(q, section) for section in form.sections for q in section.questions}


class _Maker:
    def __init__(self, form: FormDefinition, rules: RegistryRules, tell: Tell) -> None:
        self._rules, self._tell = rules, tell
        self._questions = {question.key: question for question in form.all_questions()}
        self._drivers = frozenset(_drivers(form, rules))

    def item(self, question: Question, section: Section, *, is_inner: bool = False) -> Item:
        section_rule = None if is_inner else self._rule(section.show_if)
        needs: Rule | None = _always if question.required else self._rule(question.required_if)
        inner = {q.key: self.item(q, section, is_inner=True) for q in question.questions}
        order = row_order(question, self._rules, self._tell) if inner else []
        return Item(
            question=question,
            section=section,
            shows=both(section_rule, self._rule(question.show_if)),
            needs=needs,
            fills=self._rule(question.fill.when) if question.fill else None,
            calculate=self._calculation(question),
            drives=question.key in self._drivers,
            inner=tuple(inner[key] for key in order),
        )

    def _rule(self, condition: Any) -> Rule | None:
        return None if condition is None else compile_rule(condition, self._questions)

    def _calculation(self, question: Question) -> Calculate | None:
        made = question.calculate
        if made is None or made.function not in FUNCTIONS:
            return None
        if made.function == INCLUSION:
            return _inclusion(self._rules.inclusion, self._questions)
        function = FUNCTIONS[made.function]
        readers = {name: self._argument(made.arguments.get(name), kind) for name, kind in function.arguments.items()}
        call = function.call
        return lambda view: call(**{name: read(view) for name, read in readers.items()})

    def _argument(self, written: Any, kind: Argument) -> Calculate:
        if kind in WRITTEN:
            return lambda _: written
        if kind is Argument.CODING:
            version = self._rules.codings.get(str(written))
            return lambda _: version
        if kind is Argument.VALUES:
            names = tuple(written or ())
            return lambda view: [view.get(name) for name in names]
        if kind is Argument.PICKED:
            name, sources = str(written), tuple(self._picked_in(str(written)))
            return lambda view: _picked(sources, view) if name in view else None
        return lambda view: view.get(str(written))

    def _picked_in(self, name: str) -> Iterator[Question]:
        """The questions where a code may have been picked: the named one, or those that it takes its value from."""
        question = self._questions.get(name)
        if question and (question.options or question.calculate is None):
            yield question
        elif question and question.calculate:
            for source in argument_names(question.calculate):
                yield from self._picked_in(source)


def _always(_: View) -> bool:
    return True


def _picked(questions: Sequence[Question], view: View) -> str | None:
    """The text of the code in the list of the first question that is answered."""
    answered = next((question for question in questions if question.key in view), None)
    option = answered.option(view[answered.key]) if answered else None
    return say(option.label, "nb") if option else None


def _inclusion(rule: InclusionRule | None, questions: Mapping[str, Question]) -> Calculate:
    """1 when all criteria hold, 0 when an answered one fails, nothing while it is open."""
    criteria = [
        (compile_rule(condition, dict(questions)), tuple(names_in(condition)))
        for condition in (rule.criteria if rule else ())
    ]

    def decide(view: View) -> int | None:
        results = [holds(view) or (False if all(n in view for n in names) else None) for holds, names in criteria]
        if False in results:
            return 0
        return None if None in results or not results else 1

    return decide


def _drivers(form: FormDefinition, rules: RegistryRules) -> Iterator[str]:
    """Names that something else on the page depends on."""
    for section in form.sections:
        yield from names_in(section.show_if)
    for question in form.all_questions():
        yield from names_in(question.show_if)
        yield from names_in(question.required_if)
        yield from names_in(question.fill.when if question.fill else None)
        if question.calculate:
            yield from argument_names(question.calculate)
            for condition in rules.inclusion.criteria if rules.inclusion else ():
                yield from names_in(condition) if question.calculate.function == INCLUSION else ()
        if question.type in {Type.OPIOID_TABLE, Type.VISITS_TABLE}:
            yield question.key
    start = rules.course.get("started_on")
    if start and start.form == form.key:
        yield start.question
