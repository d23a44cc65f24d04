"""What is wrong with answers that could be read, what asks to be confirmed, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shared.forms.coding import is_valid_on
from shared.forms.context import STARTED_ON, TODAY, View
from shared.forms.definition import NRS_UNKNOWN, UNKNOWN, Bound, Interval, Question, Reference, Type
from shared.forms.draft import Draft
from shared.forms.problems import Problem
from shared.forms.standing import Shown, Standing, is_empty

_MISSING: Mapping[Type, str] = {
    Type.CHOICE: "required.choice",
    Type.NRS: "required.choice",
    Type.BOOLEAN: "required.choice",
    Type.CHOICES: "required.choices",
    Type.DATE: "required.date",
    Type.INTEGER: "required.number",
    Type.DECIMAL: "required.number",
    Type.ROWS: "required.rows",
    Type.OPIOID_TABLE: "required.doses",
    Type.VISITS_TABLE: "required.visits",
    Type.COMPUTED: "required.computed",
}


def errors_of(standing: Standing, questions: Mapping[str, Question]) -> Iterator[Problem]:
    """Answers that cannot be as they are."""
    for shown in standing.shown.values():
        limit, has_rules = shown.item.question.limit, shown.item.has_option_rules
        if (limit is None and not has_rules) or shown.value is None:
            continue
        if has_rules:
            yield from _option_errors(shown, standing.view)
        if limit is not None:
            for path, value in _measured(shown):
                yield from _outside(shown, path, value, limit, questions)


def warnings_of(standing: Standing) -> Iterator[Problem]:
    """Answers outside what is normal."""
    for shown in standing.shown.values():
        if shown.value is not None and shown.item.question.normal:
            for path, value in _measured(shown):
                yield from _unusual(shown, path, value)


def confirmation(path: str, value: object) -> str:
    """How a confirmed value is remembered; it ends when the value changes."""
    return f"{path}={value}"


def unconfirmed(standing: Standing, confirmed: Sequence[str]) -> Iterator[Problem]:
    """Warnings nobody has confirmed."""
    for problem in warnings_of(standing):
        if confirmation(problem.path, value_at(standing, problem.path)) not in confirmed:
            yield problem


def value_at(standing: Standing, path: str) -> Any:
    """The value at a path: a question's, or a line's of a table."""
    shown = standing.shown.get(path)
    if shown is not None:
        return shown.value
    key, _, line = path.partition(".")
    return dict(_measured(standing.shown[key])).get(f"{key}.{line}") if key in standing.shown else None


def missing_of(standing: Standing) -> Iterator[Problem]:
    """What must still be answered before the form can be finalised."""
    for shown in standing.shown.values():
        question = shown.item.question
        if question.type is Type.VISITS_TABLE and isinstance(shown.value, dict):
            labels = {line.code: line.label for line in question.lines}
            for code in (code for code, times in shown.value.items() if times is None):
                yield Problem(f"{shown.path}.{code}.times", "visits.number_missing", {"caregiver": labels[code]})
        if question.is_stored and is_empty(shown.value) and shown.is_needed:
            key = _MISSING.get(question.type, "required.answer")
            key = "required.number_or_unknown" if question.missing else key
            yield Problem(shown.path, key, {"question": question.label})


def missing_in_row(standing: Standing, draft: Draft | None) -> Iterator[Problem]:
    """What keeps a row from being written to its end, when that was asked for."""
    if draft and draft.rows.act == "done":
        told = {problem.path for problem in draft.problems}
        for problem in missing_of(standing):
            if problem.path.startswith(f"{draft.rows.path}.") and problem.path not in told:
                yield problem


def _measured(shown: Shown) -> Iterator[tuple[str, Any]]:
    """The numbers, dates and texts of an answer that bounds are for."""
    value, kind = shown.value, shown.item.question.type
    if kind is Type.OPIOID_TABLE:
        yield from ((f"{shown.path}.{key}", dose) for key, dose in value["doses"].items())
    elif kind is Type.VISITS_TABLE:
        yield from ((f"{shown.path}.{code}.times", n) for code, n in value.items() if n is not None)
    elif value != UNKNOWN and not (kind is Type.NRS and value == NRS_UNKNOWN):
        yield shown.path, value


def days_of_use(view: View) -> tuple[str, ...]:
    """The days on one of which a code must have been in use: what was right when the course began stays right."""
    return tuple(str(view[name]) for name in (TODAY, STARTED_ON) if view.get(name)) or ("",)


def _option_errors(shown: Shown, view: View) -> Iterator[Problem]:
    question = shown.item.question
    codes = shown.value if isinstance(shown.value, list) else [shown.value]
    chosen = [option for option in map(question.option, codes) if option]
    for option in chosen:
        if not any(is_valid_on(option, day) for day in days_of_use(view)):
            yield Problem(shown.path, "choice.not_valid")
        if option.exclusive and len(codes) > 1:
            yield Problem(shown.path, "choice.exclusive", {"option": option.label})


def _outside(
    shown: Shown, path: str, value: Any, interval: Interval, questions: Mapping[str, Question]
) -> Iterator[Problem]:
    kind, small, large = (
        ("date", "too_early", "too_late") if isinstance(value, str) else ("number", "too_small", "too_large")
    )
    for bounds, word, is_low in ((interval.low, small, True), (interval.high, large, False)):
        for bound in bounds:
            limit = resolved(bound, shown.view)
            if not _comparable(limit, value) or not (value < limit if is_low else value > limit):
                continue
            name = bound.name if isinstance(bound, Reference) else ""
            yield Problem(path, *_words(kind, word, name, limit, questions))
            break


def _words(
    kind: str, word: str, name: str, limit: Any, questions: Mapping[str, Question]
) -> tuple[str, Mapping[str, Any]]:
    shown = date.fromisoformat(limit) if isinstance(limit, str) else limit
    if name == TODAY and word == "too_late":
        return "date.in_future", {"bound": shown}
    if name in questions:
        return f"{kind}.{word}_than", {"bound": shown, "other": questions[name].label}
    return f"{kind}.{word}", {"bound": shown}


def _unusual(shown: Shown, path: str, value: Any) -> Iterator[Problem]:
    interval = shown.item.question.normal or Interval()
    lows = [b for b in (resolved(bound, shown.view) for bound in interval.low) if _comparable(b, value)]
    highs = [b for b in (resolved(bound, shown.view) for bound in interval.high) if _comparable(b, value)]
    if all(value >= low for low in lows) and all(value <= high for high in highs):
        return
    if lows and highs:
        low, high = (date.fromisoformat(b) if isinstance(b, str) else b for b in (max(lows), min(highs)))
        yield Problem(path, "normal.outside_between", {"low": low, "high": high})
    else:
        yield Problem(path, "normal.outside")


def resolved(bound: Bound, view: View) -> Any:
    """The value of a bound now; None when it has none and binds nothing."""
    return view.get(bound.name) if isinstance(bound, Reference) else bound


def _comparable(limit: Any, value: Any) -> bool:
    is_number = isinstance(value, int | float) and isinstance(limit, int | float)
    return is_number or (isinstance(value, str) and isinstance(limit, str) and limit != UNKNOWN)
