"""Makes the page of a form as it stands, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.forms.answer_words import as_typed
from shared.forms.checks import confirmation, days_of_use, resolved, value_at
from shared.forms.coding import is_valid_on
from shared.forms.definition import (
    UNKNOWN,
    Audience,
    Interval,
    Option,
    Preparations,
    Question,
    Section,
    Text,
    Type,
    say,
)
from shared.forms.draft import Draft, RowsState
from shared.forms.page import PageOption, PageQuestion, PageSection, PageVisit
from shared.forms.page_codes import page_codes
from shared.forms.page_doses import Doses
from shared.forms.page_rows import page_rows
from shared.forms.problems import Problem, shown_value
from shared.forms.standing import Shown, Standing

LongLists = Callable[[str], Sequence[tuple[int, str]]]
MULTILINE_FROM = 200


@dataclass(frozen=True, kw_only=True)
class Showing:
    """How a page is to be shown: to whom, in which language, with which problems and what was typed.

    `person` are answers from the person store; `places` gives code and name of lists that the service keeps.
    """

    language: str = "nb"
    audience: Audience = Audience.CLINICIAN
    draft: Draft | None = None
    problems: Sequence[Problem] = ()
    person: Mapping[str, str | None] = field(default_factory=dict)
    places: LongLists = lambda _: ()
    is_read_only: bool = False


@dataclass(frozen=True, kw_only=True)
class PageMaker:
    """Everything a page is made from; `typed` is what was written and could not be read."""

    standing: Standing
    language: str
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    confirmed: Sequence[str] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    person: Mapping[str, str | None] = field(default_factory=dict)
    places: LongLists = lambda _: ()
    tables: Callable[[Question], Preparations] | None = None
    rows: RowsState = field(default_factory=RowsState)

    def section(self, section: Section) -> PageSection:
        """A section with the questions that show."""
        shown = [self.standing.shown.get(q.key) for q in section.questions if not q.is_hidden]
        questions = tuple(self.question(one) for one in shown if one)
        return PageSection(key=section.key, title=self.say(section.title), questions=questions)

    def say(self, text: Text | None) -> str:
        """A text in the page's language."""
        return say(text, self.language) if text else ""

    def question(self, shown: Shown) -> PageQuestion:
        """One question."""
        q, path = shown.item.question, shown.path
        parts: dict[str, Any] = _PARTS.get(q.type, PageMaker._written)(self, shown)
        return PageQuestion(
            path=path,
            key=q.key,
            type=q.type.value,
            label=self.say(q.label),
            help=self.say(q.help),
            hint=self.say(q.hint) or self._interval_hint(shown),
            unit=self.say(q.unit),
            level=int(shown.item.is_follow_up),
            is_required=shown.is_needed,
            drives=shown.item.drives,
            is_filled=shown.is_filled,
            errors=self._errors(path),
            **self._warning(path),
            **parts,
        )

    def _errors(self, path: str) -> tuple[str, ...]:
        return tuple(p.message(self.language) for p in self.problems if p.path == path)

    def _warning(self, path: str) -> dict[str, Any]:
        found = next((w for w in self.warnings if w.path == path or w.path.startswith(f"{path}.")), None)
        if found is None:
            return {}
        value = confirmation(found.path, value_at(self.standing, found.path))
        return {
            "warning": found.message(self.language),
            "confirm_value": value,
            "is_confirmed": value in self.confirmed,
        }

    def _interval_hint(self, shown: Shown) -> str:
        interval = shown.item.question.limit
        if interval is None or shown.item.question.type not in {Type.INTEGER, Type.DECIMAL}:
            return ""
        low, high = (self._bound(interval, shown, is_low=is_low) for is_low in (True, False))
        return f"{low}–{high}" if low and high else ""

    def _bound(self, interval: Interval, shown: Shown, *, is_low: bool) -> str:
        bounds = [resolved(b, shown.view) for b in (interval.low if is_low else interval.high)]
        numbers = [b for b in bounds if isinstance(b, int | float)]
        return shown_value(max(numbers) if is_low else min(numbers), self.language) if numbers else ""

    def _written(self, shown: Shown) -> dict[str, Any]:
        q = shown.item.question
        value = self.person.get(q.key) if q.in_person_store else shown.value
        parts: dict[str, Any] = {"value": self.typed.get(shown.path) or self.shown(q, value)}
        if q.type is Type.TEXT:
            parts |= {"max_length": q.max_length, "is_multiline": (q.max_length or MULTILINE_FROM + 1) > MULTILINE_FROM}
        if q.missing:
            parts |= {"unknown_name": f"{shown.path}.unknown", "unknown_label": self.say(q.missing.label)}
            parts["is_unknown"] = shown.value == UNKNOWN
        return parts

    def shown(self, question: Question, value: Any) -> str:
        """A value as it stands in its field."""
        return as_typed(question, value, self.language)

    def _boolean(self, shown: Shown) -> dict[str, Any]:
        return {"value": "true" if shown.value else ""}

    def _options(self, shown: Shown) -> dict[str, Any]:
        q, value = shown.item.question, shown.value
        codes = value if isinstance(value, list) else [value]
        if q.source:
            places = [Option(code, {"nb": name}) for code, name in self.places(q.source)]
            return {"options": tuple(self._page_options(shown.path, places, codes, is_locked=False))}
        if q.coding:
            return page_codes(shown, self.typed.get(f"{shown.path}.words", ""), self.language)
        days = days_of_use(self.standing.view)
        options = [o for o in q.options if o.code in codes or any(is_valid_on(o, day) for day in days)]
        is_locked = any(o.exclusive and o.code in codes for o in options)
        return {"options": tuple(self._page_options(shown.path, options, codes, is_locked=is_locked))}

    def options_of(self, question: Question) -> Mapping[Any, str]:
        """What each code of a question stands for."""
        if question.source:
            return dict(self.places(question.source))
        return {option.code: self.say(option.label) for option in question.options}

    def _page_options(
        self, path: str, options: Sequence[Option], codes: Sequence[Any], *, is_locked: bool
    ) -> Iterator[PageOption]:
        for number, option in enumerate(options):
            yield PageOption(
                id=path if number == 0 else f"{path}.{option.code}",
                code=str(option.code),
                label=self.say(option.label),
                help=self.say(option.help),
                is_chosen=option.code in codes,
                is_exclusive=option.exclusive,
                is_locked=is_locked and option.code not in codes,
            )

    def _rows(self, shown: Shown) -> dict[str, Any]:
        return {"table": page_rows(self, shown)}

    def _opioids(self, shown: Shown) -> dict[str, Any]:
        q = shown.item.question
        preparations = self.tables(q) if self.tables else q.preparations
        doses = Doses(shown, self.language, self.typed, self.problems)
        return doses.table(preparations) if preparations else {}

    def _visits(self, shown: Shown) -> dict[str, Any]:
        visits, answer = [], shown.value or {}
        for line in shown.item.question.lines:
            path, times = f"{shown.path}.{line.code}", answer.get(line.code)
            visits.append(
                PageVisit(
                    name=path,
                    times_name=f"{path}.times",
                    label=self.say(line.label),
                    help=self.say(line.help),
                    is_ticked=line.code in answer,
                    times=self.typed.get(f"{path}.times") or ("" if times is None else str(times)),
                    errors=self._errors(path) + self._errors(f"{path}.times"),
                )
            )
        return {"visits": tuple(visits)}


_PARTS: Mapping[Type, Callable[[PageMaker, Shown], dict[str, Any]]] = {
    Type.BOOLEAN: PageMaker._boolean,  # noqa: SLF001 - parts of the class above
    Type.CHOICE: PageMaker._options,  # noqa: SLF001
    Type.CHOICES: PageMaker._options,  # noqa: SLF001
    Type.NRS: PageMaker._options,  # noqa: SLF001
    Type.ROWS: PageMaker._rows,  # noqa: SLF001
    Type.OPIOID_TABLE: PageMaker._opioids,  # noqa: SLF001
    Type.VISITS_TABLE: PageMaker._visits,  # noqa: SLF001
}
