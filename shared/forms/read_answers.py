"""Puts what came from a page or a program into a document, question by question."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from shared.forms.definition import UNKNOWN, Preparations, Question, Type
from shared.forms.draft import Draft
from shared.forms.opioids import table_answer
from shared.forms.problems import Problem, Refused
from shared.forms.standing import is_empty
from shared.forms.values import read_boolean, read_number, read_single

MOST_ROWS = 50
Tables = Callable[[Question], Preparations]
TABLES = frozenset({Type.OPIOID_TABLE, Type.VISITS_TABLE})


class Reader:
    """Collects answers, problems and what was typed, for one document."""

    def __init__(self, document: Mapping[str, Any], tables: Tables) -> None:
        self.answers: dict[str, Any] = dict(document["answers"])
        self.problems: list[Problem] = []
        self.typed: dict[str, str] = {}
        self.person: dict[str, str | None] = {}
        self._document, self._tables = document, tables
        self._copied: set[str] = set()

    def draft(self, confirmed: list[str]) -> Draft:
        """The document with what was read."""
        document = {**self._document, "answers": self.answers, "confirmed": confirmed}
        return Draft(document, tuple(self.problems), self.typed, self.person)

    def single(self, question: Question, path: str, raw: object, into: dict[str, Any]) -> None:
        """Read a question of one value."""
        try:
            value = read_single(raw, question)
        except Refused as refused:
            self._refuse(refused, path, raw)
            return
        if question.in_person_store:
            self.person[question.key] = value
        elif value is None:
            into.pop(question.key, None)
        else:
            into[question.key] = value

    def number_with_box(self, question: Question, path: str, raw: object, *, is_ticked: bool) -> None:
        """Read a number beside its box for unknown."""
        text = str(raw or "").strip()
        if is_ticked and text:
            self._refuse(Refused("number.and_unknown"), path, raw)
        elif is_ticked:
            self.answers[question.key] = UNKNOWN
        else:
            self.single(question, path, text, self.answers)

    def doses(self, question: Question, raw: Mapping[str, object]) -> None:
        """Read an opioid table: a daily dose for each preparation."""
        preparations = self._tables(question)
        known = {item.key for item in preparations.items}
        doses: dict[str, float] = {}
        for key, written in raw.items():
            path = f"{question.key}.{key}"
            try:
                if key not in known:
                    raise Refused("choice.unknown")  # noqa: TRY301 - told at its place like any other
                dose = read_number(written, question.decimals)
                if dose is not None and dose < 0:
                    raise Refused("number.too_small", bound=0)  # noqa: TRY301
            except Refused as refused:
                self._refuse(refused, path, written)
                continue
            if dose:
                doses[key] = float(dose)
        self._keep(question.key, table_answer(doses, preparations, self.answers.get(question.key)))

    def visits(self, question: Question, ticks: Mapping[str, object], times: Mapping[str, object]) -> None:
        """Read a visits table: a tick and a number for each caregiver."""
        found: dict[str, int | None] = {}
        for line in question.lines:
            path = f"{question.key}.{line.code}"
            try:
                number = read_number(times.get(line.code), 0)
                is_ticked = read_boolean(ticks.get(line.code))
            except Refused as refused:
                self._refuse(refused, f"{path}.times", times.get(line.code))
                continue
            if number is not None and not is_ticked:
                self._refuse(Refused("visits.not_ticked", caregiver=line.label), path, None)
                self.typed[f"{path}.times"] = str(number)
            elif is_ticked:
                found[line.code] = None if number is None else int(number)
        self._keep(question.key, found)

    def rows(self, question: Question) -> list[dict[str, Any]]:
        """The rows of a question, as copies that may be changed."""
        rows: list[dict[str, Any]] = self.answers.get(question.key) or []
        if rows and question.key not in self._copied:
            rows = self.answers[question.key] = [dict(row) for row in rows]
        self._copied.add(question.key)
        return rows

    def add_row(self, question: Question, row_id: str | None = None) -> dict[str, Any]:
        """Begin a new row; a problem when there are too many."""
        rows = self.rows(question)
        row = {"id": row_id or secrets.token_hex(4)}
        if len(rows) >= MOST_ROWS:
            self._refuse(Refused("rows.too_many", max=MOST_ROWS), question.key, None)
            return row
        self.answers[question.key] = [*rows, row]
        return row

    def remove_row(self, question: Question, row_id: str) -> None:
        """Take a row away."""
        self._keep(question.key, [row for row in self.rows(question) if row["id"] != row_id])

    def refuse(self, text: str, path: str) -> None:
        """Note that something at a path cannot be."""
        self._refuse(Refused(text), path, None)

    def _keep(self, key: str, value: Any) -> None:
        if is_empty(value):
            self.answers.pop(key, None)
        else:
            self.answers[key] = value

    def _refuse(self, refused: Refused, path: str, raw: object) -> None:
        self.problems.append(refused.at(path))
        if raw is not None:
            self.typed[path] = str(raw)
