"""Gives every name in a definition its canonical form, and what is computed its kind; refuses names of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from shared.forms.context import CONTEXT, PREFIX, canonical
from shared.forms.definition import (
    All,
    AnyOf,
    Bound,
    Calculation,
    Comparison,
    Condition,
    FormDefinition,
    Interval,
    Kind,
    Not,
    Question,
    Reference,
    Section,
    Type,
)
from shared.forms.functions import FUNCTIONS, WRITTEN, Argument

Tell = Callable[[str, str], None]
Scope = Mapping[str, Question]


def with_canonical_names(form: FormDefinition, tell: Tell) -> FormDefinition:
    """The form with canonical names; `tell(place, message)` hears of each name that leads nowhere."""
    outer = {question.key: question for question in form.questions()}
    return replace(form, sections=tuple(_section(section, outer, tell) for section in form.sections))


def renamed(condition: Condition | None, scope: Scope, place: str, tell: Tell) -> Condition | None:
    """The condition with canonical names."""
    if isinstance(condition, Comparison):
        name = canonical(condition.name, scope)
        if name is None:
            tell(place, f"names an unknown question: {condition.name!r}")
        return replace(condition, name=name or condition.name)
    if isinstance(condition, Not):
        return Not(renamed(condition.part, scope, place, tell) or condition.part)
    if isinstance(condition, All | AnyOf):
        return type(condition)(tuple(renamed(part, scope, place, tell) or part for part in condition.parts))
    return None


def _section(section: Section, outer: Scope, tell: Tell) -> Section:
    return replace(
        section,
        show_if=renamed(section.show_if, outer, f"{section.key}.show_if", tell),
        questions=tuple(_question(question, outer, tell) for question in section.questions),
    )


def _question(question: Question, scope: Scope, tell: Tell) -> Question:
    key = question.key
    inside = {**scope, **{inner.key: inner for inner in question.questions}}
    fill = question.fill
    if fill:
        fill = replace(fill, when=renamed(fill.when, scope, f"{key}.fill", tell) or fill.when)
    return replace(
        question,
        kind=_kind(question, inside),
        show_if=renamed(question.show_if, scope, f"{key}.show_if", tell),
        required_if=renamed(question.required_if, scope, f"{key}.required_if", tell),
        fill=fill,
        limit=_interval(question.limit, scope, f"{key}.limit", tell),
        normal=_interval(question.normal, scope, f"{key}.normal", tell),
        calculate=_calculation(question.calculate, scope, f"{key}.calculate", tell),
        questions=tuple(_question(inner, inside, tell) for inner in question.questions),
    )


def _interval(interval: Interval | None, scope: Scope, place: str, tell: Tell) -> Interval | None:
    if interval is None:
        return None

    def bound(item: Bound) -> Bound:
        if not isinstance(item, Reference):
            return item
        name = canonical(item.name, scope)
        if name is None:
            tell(place, f"names an unknown question: {item.name!r}")
        return Reference(name or item.name)

    return Interval(tuple(map(bound, interval.low)), tuple(map(bound, interval.high)))


def _calculation(calculation: Calculation | None, scope: Scope, place: str, tell: Tell) -> Calculation | None:
    if calculation is None:
        return None
    function = FUNCTIONS.get(calculation.function)
    if function is None:
        tell(place, f"there is no function {calculation.function!r}")
        return calculation
    if set(calculation.arguments) != set(function.arguments):
        tell(place, f"needs the arguments {', '.join(function.arguments) or 'none'}")
        return calculation
    arguments = {
        name: _argument(calculation.arguments[name], kind, scope, place, tell)
        for name, kind in function.arguments.items()
    }
    if "points" in arguments and len(_listed(arguments["points"])) != len(_listed(arguments["items"])):
        tell(place, "needs as many points as items")
    return replace(calculation, arguments=arguments)


def _listed(written: object) -> Sequence[object]:
    return written if isinstance(written, list | tuple) else ()


def _kind(question: Question, scope: Scope) -> Kind | None:
    """What its answer is; a computed one is what its function gives, or what it is made from."""
    function = FUNCTIONS.get(question.calculate.function) if question.calculate else None
    if question.kind or question.calculate is None or function is None:
        return question.kind
    if function.kind:
        return function.kind
    others = {key: other for key, other in scope.items() if key != question.key}
    kinds = {_kind_of(name, others) for name in _sources(question.calculate)}
    if kinds == {Kind.INTEGER, Kind.DECIMAL}:
        return Kind.DECIMAL
    return kinds.pop() if len(kinds) == 1 else Kind.TEXT


def _kind_of(name: str, scope: Scope) -> Kind:
    if name in scope:
        return _kind(scope[name], scope) or Kind.TEXT
    return CONTEXT.get(name.removeprefix(PREFIX), Kind.TEXT)


def _sources(calculation: Calculation) -> Iterator[str]:
    for written in calculation.arguments.values():
        for name in written if isinstance(written, list | tuple) else (written,):
            yield str(name)


def _argument(written: object, kind: Argument, scope: Scope, place: str, tell: Tell) -> object:
    if kind in WRITTEN or kind is Argument.CODING:
        if not _is_well_written(written, kind):
            tell(place, f"is not what the function takes: {written!r}")
        return written
    if kind is Argument.VALUES:
        if isinstance(written, list) and written:
            return tuple(_reference(item, scope, place, tell) for item in written)
        tell(place, "needs a list of questions")
        return ()
    name = _reference(written, scope, place, tell)
    question = scope.get(name)
    if kind is Argument.ROWS and (question is None or question.type is not Type.ROWS):
        tell(place, f"needs a question of type rows: {written!r}")
    return name


def _is_well_written(written: object, kind: Argument) -> bool:
    if kind is Argument.NUMBER:
        return isinstance(written, int) and not isinstance(written, bool) and written >= 0
    if kind is not Argument.POINTS:
        return True
    given = [one for one in written if isinstance(one, Mapping)] if isinstance(written, list) else []
    return bool(given) and given == written and all(_is_number(n) for one in given for n in one.values())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _reference(written: object, scope: Scope, place: str, tell: Tell) -> str:
    name = canonical(written, scope) if isinstance(written, str) else None
    if name is None:
        tell(place, f"names an unknown question: {written!r}")
    return name or str(written)
