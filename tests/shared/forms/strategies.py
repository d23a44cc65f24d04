"""Random answers: some as a form wants them, some a little off, some nothing like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from shared.forms.compiled import CompiledForm
from shared.forms.definition import UNKNOWN, AnyOf, Comparison, Condition, Interval, Op, Preparation, Question, Type
from tests.shared.forms.copies import with_every_kind

REGISTRY = with_every_kind()
FORMS = (*REGISTRY.form_keys, "every_kind")
Strategy = st.SearchStrategy[Any]
DATES = st.dates(date(2021, 1, 1), date(2027, 12, 31)).map(date.isoformat)
WORDS = ["M54.5", "NFB20", "tekst", "x" * 30, "two\nlines"]
ODD_DATES = [
    "2025-1-4",
    "20251104",
    "04.11.2025",
    "2025-02-30",
    "0000-01-01",
    "2025-W01-1",
    "٢٠٢٥-11-04",
    " 2025-11-04",
]
ODD_WORDS = [
    "",
    " ",
    " x",
    "a\r\nb",
    "y" * 201,
    "z" * 4001,
    "1",
    "0",
    "ja",
    "true",
    "12,5",
    "1e3",
    UNKNOWN,
    "none",
    "99",
]
ODD_NUMBERS = [0, 1, 2, -1, 12.0, 12.5, 12.25, 0.1 + 0.2, 1e-7, 1e22, 10**12 - 1, 10**12, -(10**13), 1.0, -0.0]
ODD_VALUES = [
    True,
    False,
    None,
    [],
    {},
    [1],
    ["none"],
    [[1]],
    [None],
    {"doses": {}},
    {"doses": None},
    {"doses": {"x": 1}},
]
ODD_ROWS = [[{}], [{"id": None}], [{"id": "r1"}, {"id": "r1"}], [{"id": f"r{n}"} for n in range(51)], [{"tea": 1}]]
ODDITIES = [*ODD_DATES, *ODD_WORDS, *ODD_NUMBERS, *ODD_VALUES, *ODD_ROWS, {"sum": "x"}, {"more": 1}]
ODD = st.sampled_from(ODDITIES)


def wanted(question: Question, form: CompiledForm) -> Strategy:
    """An answer as the document has it, whatever the form's rules say of it."""
    return _WANTED.get(question.type, _single)(question, form)


def _single(question: Question, _form: CompiledForm) -> Strategy:
    options = question.coding.options.values() if question.coding else question.options
    codes = [option.code for option in options]
    if question.type in {Type.INTEGER, Type.DECIMAL}:
        return _number(question) | (st.just(UNKNOWN) if question.missing else st.nothing())
    if question.type is Type.DATE:
        return DATES
    if question.type is Type.TEXT:
        return st.sampled_from([words for words in WORDS if len(words) <= (question.max_length or 4000)])
    if question.type is Type.CHOICES:
        return st.sets(st.sampled_from(codes)).map(lambda chosen: [code for code in codes if code in chosen])
    return st.sampled_from(codes) if codes else st.integers(1, 5) if question.source else st.booleans()


def _number(question: Question) -> Strategy:
    interval = question.limit or Interval()
    low = next((b for b in interval.low if isinstance(b, int | float)), 0)
    high = next((b for b in interval.high if isinstance(b, int | float)), 100)
    whole = st.integers(int(low) - 1, int(high) + 1)
    return whole if question.type is Type.INTEGER else whole.map(lambda n: n / 10**question.decimals)


def _rows(question: Question, form: CompiledForm) -> Strategy:
    answers = {q.key: wanted(q, form) for q in question.questions if q.type is not Type.COMPUTED}
    row = st.fixed_dictionaries({}, optional=answers)
    ids = st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True, max_size=3)
    return ids.flatmap(lambda them: st.tuples(*(row.map(_with_id(row_id)) for row_id in them)).map(list))


def _with_id(row_id: str) -> Any:
    return lambda answers: {"id": row_id, **answers}


def _doses(question: Question, form: CompiledForm) -> Strategy:
    known = form.preparations[form.rules.opioid_version].items
    keys = st.sampled_from([item.key for item in known])
    doses = st.dictionaries(keys, st.integers(1, 5000).map(lambda n: n / 10), max_size=4)
    return doses.map(lambda found: {"doses": found})


def _visits(question: Question, _form: CompiledForm) -> Strategy:
    codes = st.sampled_from([line.code for line in question.lines])
    return st.dictionaries(codes, st.none() | st.integers(0, 12), max_size=4)


_WANTED = {Type.ROWS: _rows, Type.OPIOID_TABLE: _doses, Type.VISITS_TABLE: _visits}


def asked(form: CompiledForm) -> list[Question]:
    """The questions that people answer."""
    return [q for q in form.questions.values() if q.type is not Type.COMPUTED]


@cache
def answers(key: str) -> Strategy:
    """Documents whose answers have the shape the form wants; any may be left out, but some question is opened."""
    form = REGISTRY.form(key)
    drawn = st.fixed_dictionaries({}, optional={q.key: wanted(q, form) for q in asked(form)})
    return st.builds(opened, drawn, st.sampled_from([opening(q.key, key) for q in form.definition.all_questions()]))


def opened(drawn: dict[str, Any], opener: dict[str, Any]) -> dict[str, Any]:
    rows = {
        key: [{**row, **inside} for row in drawn.get(key) or [{"id": "r1"}]]
        for key, inside in opener.items()
        if isinstance(inside, dict)
    }
    return {**drawn, **opener, **rows}


@cache
def opening(question: str, form: str) -> dict[str, Any]:
    """Answers that open a question, as far as answers can; those inside rows stand under the rows question."""
    found: dict[str, Any] = {}
    compiled = REGISTRY.form(form)
    for outer in compiled.questions.values():
        inner = next((one for one in outer.questions if one.key == question), None)
        if outer.key == question:
            section = compiled.items[question].section
            found |= {**_satisfying(section.show_if, form), **_satisfying(outer.show_if, form)}
        elif inner:
            found[outer.key] = _satisfying(inner.show_if, form)
    return {key: value for key, value in found.items() if compiled.questions[key].type is not Type.COMPUTED}


def _satisfying(condition: Condition | None, form: str) -> dict[str, Any]:
    """Answers that fulfil a condition, and open what they are answers to."""
    if isinstance(condition, Comparison):
        if condition.name.startswith("context.") or condition.op not in {Op.EQUALS, Op.CONTAINS, Op.IN}:
            return {}
        value = condition.value[0] if isinstance(condition.value, tuple) else condition.value
        question = next(q for q in REGISTRY.form(form).definition.all_questions() if q.key == condition.name)
        is_many, before = question.type is Type.CHOICES, opening(condition.name, form)
        inside = next((answers for answers in before.values() if isinstance(answers, dict)), before)
        return {**inside, condition.name: [value] if is_many else value}
    parts = getattr(condition, "parts", ())
    used = parts[:1] if isinstance(condition, AnyOf) else parts
    return {key: value for part in used for key, value in _satisfying(part, form).items()}


@cache
def anything(key: str) -> Strategy:
    """Documents with some answers that are off: at the top, in rows, in tables, or to questions there are not."""
    form = REGISTRY.form(key)
    several = st.dictionaries(st.sampled_from([*form.questions, "tea", "id"]), ODD, max_size=2)
    tables = [q for q in asked(form) if q.type in _WANTED]
    bent = [st.tuples(st.just(q.key), _bent(q, form)) for q in tables]
    inside = st.lists(st.one_of(bent), max_size=1).map(dict) if bent else st.just({})
    return st.builds(lambda *parts: {k: v for part in parts for k, v in part.items()}, answers(key), inside, several)


def _bent(question: Question, form: CompiledForm) -> Strategy:
    """A table with one part replaced."""
    good = wanted(question, form)
    if question.type is Type.ROWS:
        keys = st.sampled_from([*(q.key for q in question.questions), "id", "tea"])
        change = st.dictionaries(keys, ODD, min_size=1, max_size=1)
        return st.tuples(good, change).map(lambda pair: [{**row, **pair[1]} for row in pair[0]])
    if question.type is Type.OPIOID_TABLE:
        keys = st.sampled_from([item.key for item in form.preparations[1].items] + ["tea"])
        change = st.dictionaries(keys, ODD, min_size=1, max_size=1)
        parts = st.dictionaries(st.sampled_from(["omeq", "sum", "factors", "more"]), ODD, max_size=1)
        return st.tuples(good, change, parts).map(lambda p: {"doses": {**p[0]["doses"], **p[1]}, **p[2]})
    keys = st.sampled_from([line.code for line in question.lines] + ["tea"])
    return st.tuples(good, st.dictionaries(keys, ODD, min_size=1, max_size=1)).map(lambda p: {**p[0], **p[1]})


def oddities(key: str) -> Iterator[dict[str, Any]]:
    """Documents with one odd answer each: every oddity to every question, in every row and line of a table."""
    for question in REGISTRY.form(key).questions.values():
        for odd in (*ODDITIES, *_pairs(question)):
            yield {question.key: odd}
            yield from ({question.key: [{"id": "r1", inner.key: odd}]} for inner in question.questions)
            if question.type in {Type.ROWS, Type.OPIOID_TABLE}:
                place = "id" if question.type is Type.ROWS else "sum"
                yield {question.key: [{place: odd}] if place == "id" else {"doses": {}, place: odd}}
            yield from ({question.key: {line.code: odd}} for line in question.lines)
            yield from ({question.key: {"doses": {item.key: odd}}} for item in _preparations(question))
    yield {"tea": 1}


def _preparations(question: Question) -> Iterable[Preparation]:
    return question.preparations.items[:3] if question.preparations else ()


def _pairs(question: Question) -> Iterator[list[Any]]:
    """Codes in the right and in the wrong order, and twice."""
    codes = [option.code for option in question.options[:2]]
    yield from (codes, codes[::-1], codes[:1] * 2, codes[:1])
