"""What is wrong or missing in a form, worked out the plain way: pairs of path and key of the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.shared.forms.plain import NEEDED, PlainForm, Question, Row, is_blank, iso

Told = tuple[str, str]


class PlainProblems:
    """The problems of one form as it stands."""

    def __init__(self, form: PlainForm) -> None:
        self.form = form

    def required(self) -> list[str]:
        return [path for path, question, row in self.form.shown() if self.is_required(question, row)]

    def is_required(self, question: Question, row: Row) -> bool:
        if question.get("required"):
            return True
        return "required_if" in question and self.form.holds(question["required_if"], row)

    def errors(self) -> list[Told]:
        return [told for path, q, row in self.form.shown() for told in self._errors(path, q, row)]

    def warnings(self) -> list[Told]:
        return [told for path, q, row in self.form.shown() for told in self._warnings(path, q, row)]

    def complete(self) -> list[Told]:
        missing = [told for path, q, row in self.form.shown() for told in self._missing(path, q, row)]
        return [*self.errors(), *missing, *self.warnings()]

    def _errors(self, path: str, question: Question, row: Row) -> Iterator[Told]:
        value = self.form.answer(question, row)
        if question["type"] == "choices" and value:
            exclusive = [option["code"] for option in question["options"] if option.get("exclusive")]
            yield from ((path, "choice.exclusive") for code in value if code in exclusive and len(value) > 1)
        for place, one in measured(path, question, value):
            yield from self._beyond(place, question.get("limit", {}), one, row, "min")
            yield from self._beyond(place, question.get("limit", {}), one, row, "max")

    def _beyond(self, path: str, limit: dict[str, Any], one: Any, row: Row, end: str) -> Iterator[Told]:
        kind, words = (
            ("date", ("too_early", "too_late")) if isinstance(one, str) else ("number", ("too_small", "too_large"))
        )
        for written, bound in self.bounds(limit, end, row):
            if not comparable(bound, one) or not (one < bound if end == "min" else one > bound):
                continue
            word = words[end == "max"]
            is_question = written in self.form.outer or written in self.form.inner
            in_future = written in {"today", "context.today"} and word == "too_late"
            yield path, "date.in_future" if in_future else f"{kind}.{word}{'_than' if is_question else ''}"
            return

    def bounds(self, limit: dict[str, Any], end: str, row: Row) -> list[tuple[Any, Any]]:
        """Each bound as written and as it is now; those without a value bind nothing."""
        written = limit.get(end)
        several = written if isinstance(written, list) else [] if written is None else [written]
        found = [(one, self.form.value(one, row) if isinstance(one, str) else iso(one)) for one in several]
        return [(one, bound) for one, bound in found if bound is not None]

    def _warnings(self, path: str, question: Question, row: Row) -> Iterator[Told]:
        for place, one in measured(path, question, self.form.answer(question, row)):
            low, high = (
                [bound for _, bound in self.bounds(question.get("normal", {}), end, row) if comparable(bound, one)]
                for end in ("min", "max")
            )
            if any(one < bound for bound in low) or any(one > bound for bound in high):
                yield place, "normal.outside_between" if low and high else "normal.outside"

    def _missing(self, path: str, question: Question, row: Row) -> Iterator[Told]:
        value = self.form.answer(question, row)
        if question["type"] == "visits_table" and value:
            yield from ((f"{path}.{code}.times", "visits.number_missing") for code, n in value.items() if n is None)
        if self.is_required(question, row) and is_blank(value) and question.get("store") != "person":
            yield path, "required.number_or_unknown" if "missing_field" in question else NEEDED[question["type"]]


def measured(path: str, question: Question, value: Any) -> Iterator[tuple[str, Any]]:
    """The numbers and dates of an answer."""
    if value is None or value == "unknown" or (question["type"] == "nrs" and value == 99):
        return
    if question["type"] == "opioid_table":
        yield from ((f"{path}.{key}", dose) for key, dose in value["doses"].items())
    elif question["type"] == "visits_table":
        yield from ((f"{path}.{code}.times", times) for code, times in value.items() if times is not None)
    elif isinstance(value, int | float | str):
        yield path, value


def comparable(bound: Any, one: Any) -> bool:
    return bound != "unknown" and isinstance(bound, str) is isinstance(one, str)
