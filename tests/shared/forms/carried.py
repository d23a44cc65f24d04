"""What FHIR can carry of a form: a definition without the rest, and with its conditions said in one way."""

from __future__ import annotations

from dataclasses import replace

from shared.forms.definition import (
    NRS_UNKNOWN,
    All,
    AnyOf,
    Audience,
    Comparison,
    FormDefinition,
    Interval,
    Op,
    Question,
    Reference,
    Section,
    Type,
)


def carried(form: FormDefinition) -> FormDefinition:
    """The form as it comes back from its Questionnaire."""
    questions = {question.key: question for question in form.all_questions()}
    sections = (_section(section, questions) for section in form.sections)
    return replace(
        form,
        short="",
        form_order=None,
        licence=None,
        audience=Audience.PATIENT,
        sections=tuple(section for section in sections if section.questions),
    )


def _section(section, questions) -> Section:
    asked = [question for question in section.questions if not question.in_person_store and not question.is_internal]
    return replace(
        section,
        audience=None,
        licence=None,
        show_if=said(section.show_if, questions),
        questions=tuple(_question(question, questions) for question in asked),
    )


def _question(question: Question, questions) -> Question:
    return replace(
        question,
        required_if=None,
        normal=None,
        fill=None,
        row_table=None,
        limit=_limit(question),
        show_if=said(question.show_if, questions),
        options=tuple(replace(o, help=None, column=None, valid_from=None, valid_to=None) for o in question.options),
        questions=tuple(_question(inner, questions) for inner in question.questions),
    )


def _limit(question: Question) -> Interval | None:
    """The strictest bounds that are written; those from other answers are only told in a note."""
    limit = question.limit or Interval()
    low, high = ([bound for bound in bounds if not isinstance(bound, Reference)] for bounds in (limit.low, limit.high))
    found = Interval((max(low),) if low else (), (min(high),) if high else ())
    return found if found != Interval() else None


def said(condition, questions):
    """A condition in one of the ways that mean the same."""
    if isinstance(condition, Comparison):
        return _comparison(condition, questions.get(condition.name))
    if not isinstance(condition, All | AnyOf):
        return condition
    parts = []
    for part in (said(part, questions) for part in condition.parts):
        parts += part.parts if type(part) is type(condition) else [part]
    merged = _merged(parts) if isinstance(condition, AnyOf) else parts
    return merged[0] if len(merged) == 1 else type(condition)(tuple(merged))


def _comparison(condition: Comparison, question: Question | None) -> Comparison:
    values = _values(condition, question)
    if values is not None:
        return _among(condition.name, values, question)
    return condition


def _values(condition: Comparison, question: Question | None):
    """The answers of which one is enough, where the condition is of that kind."""
    if condition.op in {Op.EQUALS, Op.CONTAINS}:
        return [condition.value]
    if condition.op is Op.IN:
        return list(condition.value)
    if condition.op not in {Op.GREATER, Op.LESS} or question is None or not question.options:
        return None
    codes = [o.code for o in question.options if not (question.type is Type.NRS and o.code == NRS_UNKNOWN)]
    return [
        code for code in codes if (code > condition.value) is (condition.op is Op.GREATER) and code != condition.value
    ]


def _among(name: str, values, question: Question | None) -> Comparison:
    if len(values) > 1:
        return Comparison(name, Op.IN, tuple(values))
    many = question is not None and question.type is Type.CHOICES
    return Comparison(name, Op.CONTAINS if many else Op.EQUALS, values[0])


def _merged(parts):
    """Neighbours about one question as one condition."""
    found = []
    for part in parts:
        before = found[-1] if found else None
        if isinstance(part, Comparison) and isinstance(before, Comparison) and part.name == before.name:
            one, other = _values(before, None), _values(part, None)
            if one is not None and other is not None:
                found[-1] = Comparison(part.name, Op.IN, (*one, *other))
                continue
        found.append(part)
    return found
