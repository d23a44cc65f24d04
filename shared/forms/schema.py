"""The answers of a form as a marshmallow schema: for the API's documentation, and for errors by place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from shared.forms.definition import FormDefinition, Kind, Preparations, Question, Type, say
from shared.forms.problems import Problem
from shared.forms.read_answers import MOST_ROWS
from shared.forms.read_page import WORKED_OUT
from shared.forms.read_rows import ROW_ID
from shared.forms.schema_fields import (
    LANGUAGE,
    InOrder,
    IsoDate,
    ListedCode,
    Number,
    Whole,
    Words,
    YesNo,
    different_ids,
    has_doses,
    told,
    trimmed,
)
from shared.forms.values import LONGEST_TEXT

Fields = dict[str, ma.fields.Field[Any]]
Options = dict[str, Any]
Errors = dict[str | int, Any]
MOST_CODES_TOLD = 20
WHOLE = "_schema"  # marshmallow's name for what is wrong with a mapping as a whole


class AnswersSchema(ma.Schema):
    """Answers by question, each as the stored document has it; null takes an answer away."""

    error_messages = {"unknown": told("question.unknown"), "type": told("rows.format")}  # noqa: RUF012

    class Meta:
        """Nothing that the form does not ask."""

        unknown = ma.RAISE


def answers_schema(form: FormDefinition, tables: Callable[[Question], Preparations]) -> type[AnswersSchema]:
    """The schema of a form's answers; `tables` gives the preparations in force."""
    name = f"{form.registry.title()}{form.key.title()}V{form.version}"
    return _schema(name, form.questions(), tables)


def _schema(
    name: str, questions: Iterable[Question], tables: Callable[[Question], Preparations]
) -> type[AnswersSchema]:
    fields: Fields = {q.key: _field(q, f"{name}{q.key.title()}", tables) for q in questions}
    return cast("type[AnswersSchema]", AnswersSchema.from_dict(fields, name=name))


def _field(question: Question, name: str, tables: Callable[[Question], Preparations]) -> ma.fields.Field[Any]:
    about = {"description": _description(question)}
    if question.type is Type.ROWS:
        return _rows(question, name, tables, about)
    if question.type is Type.OPIOID_TABLE:
        return _doses(question, name, tables(question), about)
    if question.type is Type.VISITS_TABLE:
        codes = Words(validate=OneOf([line.code for line in question.lines], error=told("choice.unknown")))
        return ma.fields.Dict(codes, Whole(allow_none=True), allow_none=True, metadata=about)
    if question.type is Type.COMPUTED:
        return _COMPUTED.get(question.kind, ma.fields.Raw)(dump_only=True, metadata=about)
    return _SINGLE[question.type](question, {"allow_none": True, "metadata": about})


def _description(question: Question) -> str:
    """The question, and what its codes stand for where they are few."""
    label, options = say(question.label, LANGUAGE), question.options
    if not options or len(options) > MOST_CODES_TOLD:
        return label
    return f"{label} ({', '.join(f'{option.code}: {say(option.label, LANGUAGE)}' for option in options)})"


def _rows(
    question: Question, name: str, tables: Callable[[Question], Preparations], about: Options
) -> ma.fields.Field[Any]:
    inner = _schema(name, question.questions, tables)
    row_id = Words(allow_none=True, validate=Regexp(ROW_ID, error=told("rows.format")))
    row = inner.from_dict({"id": row_id}, name=f"{name}Row")
    most = Length(max=MOST_ROWS, error=told("rows.too_many", max=MOST_ROWS))
    return ma.fields.List(ma.fields.Nested(row), allow_none=True, validate=[most, different_ids], metadata=about)


def _doses(question: Question, name: str, preparations: Preparations, about: Options) -> ma.fields.Field[Any]:
    keys = Words(validate=OneOf([item.key for item in preparations.items], error=told("choice.unknown")))
    above = Range(min=0, min_inclusive=False, error=told("number.too_small", bound=0))
    dose = Number(decimals=question.decimals, allow_none=True, validate=above)
    ignored = {"readOnly": True, "description": "Worked out from the doses; not read."}
    fields: Fields = {part: ma.fields.Raw(allow_none=True, metadata=ignored) for part in WORKED_OUT - {"doses"}}
    table = AnswersSchema.from_dict({"doses": ma.fields.Dict(keys, dose), **fields}, name=name)
    return ma.fields.Nested(table, allow_none=True, validate=has_doses, metadata=about)


def _boolean(_question: Question, options: Options) -> ma.fields.Field[Any]:
    return YesNo(**options)


def _number(question: Question, options: Options) -> ma.fields.Field[Any]:
    is_whole, is_unsure = question.type is Type.INTEGER, question.missing is not None
    about = options["metadata"] | _documented_limits(question)
    if is_unsure:
        about["type"] = ["integer" if is_whole else "number", "string"]
    options = {**options, "metadata": about, "may_be_unknown": is_unsure}
    return Whole(**options) if is_whole else Number(decimals=question.decimals, **options)


def _documented_limits(question: Question) -> dict[str, Any]:
    """Bounds for readers of the document; whether an answer keeps them is for `CompiledForm.check`."""
    low, high = (question.limit.low, question.limit.high) if question.limit else ((), ())
    least, most = ([bound for bound in bounds if isinstance(bound, int | float)] for bounds in (low, high))
    return {**({"minimum": max(least)} if least else {}), **({"maximum": min(most)} if most else {})}


def _date(_question: Question, options: Options) -> ma.fields.Field[Any]:
    return IsoDate(**options)


def _text(question: Question, options: Options) -> ma.fields.Field[Any]:
    longest = question.max_length or LONGEST_TEXT
    length = Length(min=1, max=longest, error=told("text.too_long", max=longest))
    return Words(validate=[length, trimmed], load_only=question.in_person_store, **options)


def _choice(question: Question, options: Options) -> ma.fields.Field[Any]:
    if question.source:
        return Whole(**options)
    if question.coding and not question.options:
        return Words(validate=ListedCode(question.coding), **options)
    codes = [option.code for option in question.options]
    labels = [say(option.label, LANGUAGE) for option in question.options]
    of = Whole if isinstance(codes[0], int) else Words
    return of(validate=OneOf(codes, labels, error=told("choice.unknown")), **options)


def _choices(question: Question, options: Options) -> ma.fields.Field[Any]:
    in_order = InOrder([option.code for option in question.options])
    return ma.fields.List(_choice(question, {}), validate=in_order, **options)


_SINGLE: Mapping[Type, Callable[[Question, Options], ma.fields.Field[Any]]] = {
    Type.BOOLEAN: _boolean,
    Type.CHOICE: _choice,
    Type.CHOICES: _choices,
    Type.NRS: _choice,
    Type.INTEGER: _number,
    Type.DECIMAL: _number,
    Type.DATE: _date,
    Type.TEXT: _text,
}
_COMPUTED: Mapping[Kind | None, type[ma.fields.Field[Any]]] = {
    Kind.INTEGER: ma.fields.Integer,
    Kind.DECIMAL: ma.fields.Float,
    Kind.TEXT: ma.fields.String,
    Kind.DATE: ma.fields.Date,
    Kind.BOOLEAN: ma.fields.Boolean,
}


def by_place(problems: Iterable[Problem], answers: Mapping[str, Any], language: str = LANGUAGE) -> Errors:
    """What the form itself found wrong, shaped as the schema's own errors: rows by their number, sentences in lists."""
    found: Errors = {}
    for problem in problems:
        *place, last = _place(problem.path, answers)
        inner = found
        for step in place:
            inner = _opened(inner, step)
        told_there = inner.setdefault(last, [])
        (told_there.setdefault(WHOLE, []) if isinstance(told_there, dict) else told_there).append(
            problem.message(language)
        )
    return found


def _opened(errors: Errors, step: str | int) -> Errors:
    """The errors inside a step; those of the step as a whole move under a name of their own."""
    inside = errors.setdefault(step, {})
    if isinstance(inside, list):
        inside = errors[step] = {WHOLE: inside}
    found: Errors = inside
    return found


def _place(path: str, answers: Mapping[str, Any]) -> Sequence[str | int]:
    key, *rest = path.split(".")
    rows = answers.get(key)
    if not rest or not isinstance(rows, list):
        return (key, *rest)
    ids = [row.get("id") for row in rows]
    return (key, ids.index(rest[0]) if rest[0] in ids else rest[0], *rest[1:])
