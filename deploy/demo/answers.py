"""Invented answers that a form accepts: whatever shows is answered, within bounds, until nothing is missing."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from shared.forms.checks import confirmation, resolved, value_at
from shared.forms.compiled import CompiledForm
from shared.forms.definition import Bound, Question, Type
from shared.forms.standing import Shown, Standing, is_empty

_MOST_ROUNDS = 12
_OPTIONAL_SHARE = 0.6
_MOST_CHOSEN = 2
_TEXTS = ("S72.0", "S32.0", "K56.6", "C18.7", "M16.1", "S22.4", "K85.9", "C50.9", "M48.0", "S82.1")
_DOSES = (5, 10, 20, 30, 40, 60)
_PREPARATIONS = (
    "morphine_pills",
    "morphine_intravenous",
    "oxycodone_capsules",
    "oxycodone_release_pills",
    "tramadol_capsules",
)
_UNKNOWN_CODE, _UNKNOWN_SHARE = 9, 0.05
_NEVER = "9999-12-31"


class AnswersRefused(Exception):  # noqa: N818 - says what happened
    """A form that cannot be answered by chance."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is known of the answers: values by question, codes that are likelier, and what local lists offer."""

    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass
class Filler:
    """Fills in one form; the same for the same source of chance."""

    form: CompiledForm
    context: Mapping[str, Any]
    wishes: Wishes
    source: random.Random
    seen: set[tuple[str, bool]] = field(default_factory=set)

    def fill(self, *, share: float = 1.0) -> dict[str, Any]:
        """A finished document; with a smaller share of the questions, one that is only begun."""
        wanted = {key: value for key, value in self.wishes.values.items() if key in self.form.questions}
        document = self.form.new(wanted)
        for _ in range(_MOST_ROUNDS):
            standing = self.form.stand(document, self.context)
            blank = [shown for shown in standing.shown.values() if self._is_blank(shown, share)]
            if not blank:
                break
            for shown in blank:
                self._answer(shown, document, standing)
        return self._kept(document, is_whole=share >= 1)

    def _kept(self, document: dict[str, Any], *, is_whole: bool) -> dict[str, Any]:
        standing = self.form.stand(document, self.context)
        for problem in self.form.warnings(document, self.context):
            document["confirmed"].append(confirmation(problem.path, value_at(standing, problem.path)))
        wrong = self.form.complete(document, self.context) if is_whole else self.form.check(document, self.context)
        if wrong:
            raise AnswersRefused(f"{self.form.key}: {[(problem.path, problem.text) for problem in wrong]}")
        return self.form.kept(document, self.context)

    def _is_blank(self, shown: Shown, share: float) -> bool:
        question = shown.item.question
        if question.type is Type.COMPUTED or question.in_person_store or shown.is_filled:
            return False
        if (shown.path, shown.is_needed) in self.seen:
            return False
        self.seen.add((shown.path, shown.is_needed))
        chance = share if shown.is_needed else share * _OPTIONAL_SHARE
        return is_empty(shown.value) and self.source.random() < chance

    def _answer(self, shown: Shown, document: dict[str, Any], standing: Standing) -> None:
        question, answers = shown.item.question, document["answers"]
        if question.type in {Type.OPIOID_TABLE, Type.VISITS_TABLE}:
            given = self._table(question)
            document["answers"] = self.form.read_values({question.key: given}, document).document["answers"]
            return
        if "." in shown.path:
            key, row_id, _ = shown.path.split(".")
            answers = next(row for row in answers[key] if row["id"] == row_id)
        answers[question.key] = self._value(question, standing)

    def _value(self, question: Question, standing: Standing) -> Any:
        match question.type:
            case Type.CHOICES:
                return self._choices(question)
            case Type.INTEGER | Type.DECIMAL:
                return self._number(question, standing)
            case Type.DATE:
                return self._date(question, standing)
            case Type.TEXT:
                return self.source.choice(_TEXTS)
            case Type.ROWS:
                return [{"id": f"{self.source.getrandbits(32):08x}"} for _ in range(self.source.randint(1, 2))]
            case _:
                return self._choice(question)

    def _choice(self, question: Question) -> Any:
        if question.source:
            return self.source.choice(self.wishes.places[question.source])
        if question.type is Type.NRS:
            return round(self.source.triangular(0, 10, 4))
        if question.type is Type.BOOLEAN:
            return self.source.random() < _OPTIONAL_SHARE
        options = question.coding.options.values() if question.coding else question.options
        codes = [option.code for option in options]
        known = [code for code in codes if code != _UNKNOWN_CODE] or codes
        return self.source.choice(codes if self.source.random() < _UNKNOWN_SHARE else known)

    def _choices(self, question: Question) -> list[Any]:
        codes = [option.code for option in question.options if not option.exclusive]
        chosen = set(self.source.sample(codes, min(len(codes), self.source.randint(1, _MOST_CHOSEN))))
        return [code for code in codes if code in chosen]

    def _number(self, question: Question, standing: Standing) -> int:
        low, high = self._bounds(question, standing)
        return round(self.source.triangular(low or 0, high if high is not None else 10, low or 0))

    def _date(self, question: Question, standing: Standing) -> str:
        low, high = self._bounds(question, standing)
        first = max(str(low or ""), self._context_day("started_on"))
        last = date.fromisoformat(min(str(high or _NEVER), self._context_day("today")))
        day = min(date.fromisoformat(first) + timedelta(days=self.source.randint(0, 1)), last)
        return day.isoformat()

    def _context_day(self, name: str) -> str:
        day: date = self.context.get(name) or self.context["today"]
        return day.isoformat()

    def _bounds(self, question: Question, standing: Standing) -> tuple[Any, Any]:
        """The strictest of what may be and what is normal."""
        parts = [part for part in (question.limit, question.normal) if part]
        lows = [bound for part in parts for bound in self._known(part.low, standing)]
        highs = [bound for part in parts for bound in self._known(part.high, standing)]
        return (max(lows) if lows else None), (min(highs) if highs else None)

    def _known(self, bounds: Sequence[Bound], standing: Standing) -> list[Any]:
        return [found for found in (resolved(bound, standing.view) for bound in bounds) if found is not None]

    def _table(self, question: Question) -> dict[str, Any]:
        if question.type is Type.VISITS_TABLE:
            lines = self.source.sample(question.lines, min(2, len(question.lines)))
            return {line.code: self.source.randint(1, 9) for line in lines}
        names = self.source.sample(_PREPARATIONS, self.source.randint(1, 2))
        return {name: self.source.choice(_DOSES) for name in names}
