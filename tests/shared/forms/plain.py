"""A form worked out the slow, plain way: straight from its file, question by question, each time from the beginning.

It shares nothing with the engine. What depends on something else asks for it and waits; there is no order to get wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

import yaml

from tests.registries.definitions import read_csv, read_form, read_registry
from tests.shared.forms.copies import EVERY_KIND

Question = dict[str, Any]
Row = dict[str, Any] | None
TABLES = ("rows", "opioid_table", "visits_table")
CONTEXT = (
    *("today", "birth_date", "gender", "address_type", "deceased", "deceased_date", "legal_basis", "course_type"),
    *(
        "referred_on",
        "started_on",
        "ended_on",
        "consent",
        "consent_date",
        "no_consent_reason",
        "consent_withdrawn_date",
    ),
)
NEEDED = {
    **dict.fromkeys(("choice", "nrs", "boolean"), "required.choice"),
    "choices": "required.choices",
    "date": "required.date",
    "integer": "required.number",
    "decimal": "required.number",
    "rows": "required.rows",
    "opioid_table": "required.doses",
    "visits_table": "required.visits",
    "computed": "required.computed",
    "text": "required.answer",
}


def is_blank(value: Any) -> bool:
    """Whether a value is no answer."""
    return value is None or value in ("", [], {})


def iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@cache
def body_of(form: str) -> dict[str, Any]:
    return yaml.safe_load(EVERY_KIND.read_text(encoding="utf-8")) if form == "every_kind" else read_form(form)


class PlainForm:
    """One form with answers and context; nothing is kept between questions."""

    def __init__(self, form: str, answers: dict[str, Any], context: dict[str, Any]) -> None:
        self.form, self.answers, self.context = body_of(form), answers, context
        self.sections = {q["key"]: s for s in self.form["sections"] for q in s["questions"]}
        self.outer = {q["key"]: q for s in self.form["sections"] for q in s["questions"]}
        self.inner = {q["key"]: q for outer in self.outer.values() for q in outer.get("questions", [])}

    # what shows

    def visible(self) -> list[str]:
        return [path for path, _, _ in self.shown()]

    def shown(self) -> Iterator[tuple[str, Question, Row]]:
        """Path, question and row of everything that shows, in page order."""
        for key, question in self.outer.items():
            if not self.shows(question, None):
                continue
            yield key, question, None
            for row in self.answers.get(key) or [] if question["type"] == "rows" else []:
                for inner in question["questions"]:
                    if self.shows(inner, row):
                        yield f"{key}.{row['id']}.{inner['key']}", inner, row

    def shows(self, question: Question, row: Row) -> bool:
        section = self.sections.get(question["key"], {}) if row is None else {}
        return all(self.holds(part["show_if"], row) for part in (section, question) if "show_if" in part)

    # what counts

    def value(self, name: str, row: Row) -> Any:
        """What counts as the answer to a question, or the value of the context; None when there is none."""
        if row is not None and name in self.inner:
            return self.answer(self.inner[name], row)
        if name in self.outer:
            return self.answer(self.outer[name], None)
        bare = name.removeprefix("context.")
        assert bare in CONTEXT, name
        return self.basis() if bare == "legal_basis" else iso(self.context.get(bare))

    def basis(self) -> str | None:
        place = read_registry()["course"]["started_on"]
        start = self.value(place["question"], None) if place["form"] == self.form["form"] else None
        if start is None:
            return self.context.get("legal_basis")
        for period in read_registry()["legal_basis"]:
            if start <= iso(period.get("until", "9999-12-31")) and start >= iso(period.get("from", "0001-01-01")):
                return period["basis"]
        return None

    def answer(self, question: Question, row: Row) -> Any:
        if not self.shows(question, row):
            return None
        if "calculate" in question:
            return self.calculated(question["calculate"], row)
        if "fill" in question and self.holds(question["fill"]["when"], row):
            return question["fill"]["value"]
        found = (self.answers if row is None else row).get(question["key"])
        if question["type"] == "rows":
            found = [self.row(question, one) for one in found or []]
        return None if is_blank(found) else found

    def row(self, question: Question, row: dict[str, Any]) -> dict[str, Any]:
        counting = {inner["key"]: self.answer(inner, row) for inner in question["questions"]}
        return {"id": row["id"], **{key: value for key, value in counting.items() if value is not None}}

    def values(self) -> dict[str, Any]:
        found = {key: self.answer(question, None) for key, question in self.outer.items()}
        return {key: value for key, value in found.items() if value is not None}

    def computed(self) -> dict[str, Any]:
        found = {p: self.answer(q, row) for p, q, row in self.shown() if "calculate" in q}
        return {path: value for path, value in found.items() if value is not None}

    # conditions

    def holds(self, condition: dict[str, Any], row: Row) -> bool:
        if "all" in condition:
            return all(self.holds(part, row) for part in condition["all"])
        if "any" in condition:
            return any(self.holds(part, row) for part in condition["any"])
        if "not" in condition:
            return not self.holds(condition["not"], row)
        name, op, wanted = condition["question"], condition["op"], iso(condition["value"])
        found = self.value(name, row)
        if op == "exists":
            return (found is not None) is wanted
        given = [] if found is None else found if isinstance(found, list) else [found]
        question = self.inner.get(name) or self.outer.get(name) or {}
        return any(self.compares(one, op, wanted, question.get("type", "")) for one in given)

    def compares(self, one: Any, op: str, wanted: Any, kind: str) -> bool:
        if op in {"equals", "contains"}:
            return one == wanted
        if op == "not_equals":
            return one != wanted
        if op == "in":
            return one in wanted
        if one == "unknown" or (kind == "nrs" and one == 99) or isinstance(one, str) is not isinstance(wanted, str):
            return False
        return one > wanted if op == "greater" else one < wanted

    # calculations

    def calculated(self, made: dict[str, Any], row: Row) -> Any:
        arguments = made.get("arguments", {})
        return getattr(self, f"_{made['function']}")(arguments, row)

    def _value_of(self, arguments: dict[str, Any], row: Row) -> Any:
        return self.value(arguments["value"], row)

    def _first_of(self, arguments: dict[str, Any], row: Row) -> Any:
        found = [self.value(name, row) for name in arguments["values"]]
        return next((value for value in found if value is not None), None)

    def _sum_of(self, arguments: dict[str, Any], row: Row) -> Any:
        found = [self.value(name, row) for name in arguments["items"]]
        return None if None in found or "unknown" in found else sum(found)

    def _prorated_sum(self, arguments: dict[str, Any], row: Row) -> Any:
        """The mean of the answered items in the place of each missing one, as fractions, and half rounded up."""
        found = [self.value(name, row) for name in arguments["items"]]
        answered = [Fraction(one) for one in found if one in range(arguments["highest"] + 1)]
        if not answered or len(found) - len(answered) > arguments["most_missing"]:
            return None
        mean = sum(answered) / len(answered)
        return floor(sum(answered) + mean * (len(found) - len(answered)) + Fraction(1, 2))

    def _age_on(self, arguments: dict[str, Any], row: Row) -> Any:
        born, day = self.value(arguments["birth_date"], row), self.value(arguments["on"], row)
        if born is None or day is None or day < born:
            return None
        return int(day[:4]) - int(born[:4]) - (1 if day[5:] < born[5:] else 0)

    def _days_between(self, arguments: dict[str, Any], row: Row) -> Any:
        start, end = self.value(arguments["start"], row), self.value(arguments["end"], row)
        return (
            None
            if None in (start, end)
            else date.fromisoformat(end).toordinal() - date.fromisoformat(start).toordinal()
        )

    def _coding_version(self, arguments: dict[str, Any], row: Row) -> Any:
        has_code = self.value(arguments["code"], row) is not None
        return int(read_registry()["codings"][arguments["coding"]]) if has_code else None

    def _text_of(self, arguments: dict[str, Any], row: Row) -> Any:
        """The text of the code, in the list of the question where the code is first found."""
        source = self.inner.get(arguments["code"]) or self.outer[arguments["code"]]
        names = source["calculate"]["arguments"]["values"] if "calculate" in source else [arguments["code"]]
        for name in names:
            code = self.value(name, row)
            if code is not None:
                question = self.inner.get(name) or self.outer[name]
                return next((text for known, text in codes_and_texts(question) if known == str(code)), None)
        return None

    def _rows_hold_all(self, arguments: dict[str, Any], _row: Row) -> Any:
        rows = self.value(arguments["rows"], None)
        found = {one.get(arguments["question"]) for one in rows or []}
        return None if not rows else int(set(arguments["values"]) <= found)

    def _inclusion(self, _arguments: dict[str, Any], _row: Row) -> Any:
        results = []
        asked = (one for one in read_registry()["inclusion"]["criteria"] if one["question"] in self.outer)
        for criterion in asked:
            is_open = self.value(criterion["question"], None) is None
            results.append(None if is_open else self.holds(criterion, None))
        return 0 if False in results else None if None in results else 1


def codes_and_texts(question: Question) -> list[tuple[str, str]]:
    """The codes of a question with their Norwegian texts."""
    if "codelist" in question:
        return [(row["code"], row["nb"]) for row in read_csv(f"codelists/{question['codelist']}.csv")]
    if "coding" in question:
        return [(row["code"], row["text"]) for row in read_csv(f"codings/{question['coding']}/2025.csv")]
    return [(str(option["code"]), option["label"]["nb"]) for option in question.get("options", [])]
