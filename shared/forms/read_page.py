"""Reads a form as a page sends it, and answers as a program sends them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.forms.definition import Question, Type
from shared.forms.draft import Draft
from shared.forms.read_answers import Reader, Tables

ROW_ID = re.compile(r"[A-Za-z0-9]{1,16}\Z")
WORKED_OUT = frozenset({"doses", "omeq", "sum", "factors"})


class Fields(Protocol):
    """Fields of a form post; werkzeug's MultiDict is one."""

    def get(self, key: str, /) -> str | None:
        """The first value."""
        ...

    def getlist(self, key: str, /) -> Sequence[str]:
        """All values."""
        ...


@dataclass(frozen=True)
class _Post:
    fields: Fields
    questions: Mapping[str, Question]
    reader: Reader
    cleared: frozenset[str]

    def read(self, path: str) -> None:
        key, _, rest = path.partition(".")
        question = self.questions.get(key)
        if question is None or question.type is Type.COMPUTED:
            return
        if rest:
            self._inner(question, path, rest)
        elif question.type is Type.OPIOID_TABLE:
            raw = {item.key: self.fields.get(f"{key}.{item.key}") for item in _preparations(question)}
            self.reader.doses(question, {name: value for name, value in raw.items() if value})
        elif question.type is Type.VISITS_TABLE:
            ticks = {line.code: self.fields.get(f"{key}.{line.code}") for line in question.lines}
            times = {line.code: self.fields.get(f"{key}.{line.code}.times") for line in question.lines}
            self.reader.visits(question, ticks, times)
        elif question.type is not Type.ROWS:
            self._single(question, path)

    def _single(self, question: Question, path: str) -> None:
        if question.missing:
            is_ticked = bool(self.fields.get(f"{path}.unknown"))
            self.reader.number_with_box(question, path, self.fields.get(path), is_ticked=is_ticked)
        else:
            into: dict[str, Any] = self.reader.answers
            self.reader.single(question, path, self._raw(question, path), into)

    def _raw(self, question: Question, path: str) -> object:
        if path in self.cleared:
            return None
        if question.type is Type.BOOLEAN:
            return self.fields.get(path) or False  # a box that was shown and not ticked means no
        return list(self.fields.getlist(path)) if question.type is Type.CHOICES else self.fields.get(path)

    def _inner(self, question: Question, path: str, rest: str) -> None:
        row_id, _, key = rest.partition(".")
        inner = next((q for q in question.questions if q.key == key), None)
        if inner is None or inner.type is Type.COMPUTED or not ROW_ID.match(row_id):
            return
        row = next((row for row in self.reader.rows(question) if row["id"] == row_id), None)
        if row is None:
            row = self.reader.add_row(question, row_id)
        self.reader.single(inner, path, self._raw(inner, path), row)


def read_page(fields: Fields, document: Mapping[str, Any], questions: Mapping[str, Question], tables: Tables) -> Draft:
    """The draft that a page's fields make of a document."""
    reader = Reader(document, tables)
    post = _Post(fields, questions, reader, frozenset(fields.getlist("_clear")))
    for path in fields.getlist("_shown"):
        post.read(path)
    for key in fields.getlist("_add_row"):
        if key in questions and questions[key].type is Type.ROWS:
            reader.add_row(questions[key])
    for path in fields.getlist("_remove_row"):
        key, _, row_id = path.partition(".")
        if key in questions and questions[key].type is Type.ROWS:
            reader.remove_row(questions[key], row_id)
    kept = [one for one in document.get("confirmed", ()) if not _was_shown(one, fields)]
    return reader.draft([*kept, *fields.getlist("_confirmed")])


def _was_shown(confirmed: str, fields: Fields) -> bool:
    return confirmed.partition("=")[0] in fields.getlist("_shown")


def read_values(
    given: Mapping[str, Any],
    document: Mapping[str, Any],
    questions: Mapping[str, Question],
    tables: Tables,
    confirmed: Sequence[str] = (),
) -> Draft:
    """The draft that a program's answers make of a document; questions it does not name are left alone."""
    reader = Reader(document, tables)
    for key, raw in given.items():
        question = questions.get(key)
        if question is None or question.type is Type.COMPUTED:
            reader.refuse("question.unknown" if question is None else "question.computed", str(key))
        elif question.type in _OF_PARTS:
            _OF_PARTS[question.type](question, raw, reader)
        else:
            reader.single(question, key, raw, reader.answers)
    return reader.draft([*document.get("confirmed", ()), *confirmed])


def _read_doses(question: Question, raw: Any, reader: Reader) -> None:
    """Daily doses, alone or in the table's own answer; what the table works out is not read."""
    table = {} if raw is None else raw
    doses = table.get("doses", table) if isinstance(table, Mapping) else None
    if not isinstance(doses, Mapping) or (doses is not table and not WORKED_OUT.issuperset(table)):
        reader.refuse("rows.format", question.key)
    else:
        reader.doses(question, {str(name): value for name, value in doses.items()})


def _read_visits(question: Question, raw: Any, reader: Reader) -> None:
    times = {} if raw is None else raw
    if not isinstance(times, Mapping):
        reader.refuse("rows.format", question.key)
        return
    known = {line.code for line in question.lines}
    for code in (code for code in times if code not in known):
        reader.refuse("choice.unknown", f"{question.key}.{code}")
    reader.visits(question, dict.fromkeys(times, True), times)


def _read_rows(question: Question, raw: Any, reader: Reader) -> None:
    rows = [] if raw is None else raw
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        reader.refuse("rows.format", question.key)
        return
    ids = [row["id"] for row in rows if row.get("id") is not None]
    if not all(isinstance(row_id, str) and ROW_ID.match(row_id) for row_id in ids) or len(set(ids)) < len(ids):
        reader.refuse("rows.format", question.key)
        return
    reader.answers.pop(question.key, None)
    for row in rows:
        _read_row(question, row, reader.add_row(question, row.get("id")), reader)


def _read_row(question: Question, given: Mapping[str, Any], row: dict[str, Any], reader: Reader) -> None:
    inner = {q.key: q for q in question.questions}
    for key in (name for name in given if name != "id"):
        path = f"{question.key}.{row['id']}.{key}"
        if key not in inner or inner[key].type is Type.COMPUTED:
            reader.refuse("question.computed" if key in inner else "question.unknown", path)
        else:
            reader.single(inner[key], path, given[key], row)


_OF_PARTS: Mapping[Type, Callable[[Question, Any, Reader], None]] = {
    Type.ROWS: _read_rows,
    Type.OPIOID_TABLE: _read_doses,
    Type.VISITS_TABLE: _read_visits,
}


def _preparations(question: Question) -> Iterator[Any]:
    yield from question.preparations.items if question.preparations else ()
