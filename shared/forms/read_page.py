"""Reads a form as a page sends it, and answers as a program sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.forms.coding import Coding
from shared.forms.definition import Question, Type
from shared.forms.draft import Draft
from shared.forms.posted import Fields
from shared.forms.read_answers import Reader, Tables
from shared.forms.read_rows import DONE, ROW_ID, SHOWN, PostedRows, read_row

WORKED_OUT = frozenset({"doses", "omeq", "sum", "factors"})


@dataclass(frozen=True)
class _Post:
    fields: Fields
    questions: Mapping[str, Question]
    reader: Reader
    rows: PostedRows
    cleared: frozenset[str]
    searched: frozenset[str]
    is_drawn: bool

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
        if question.coding:
            return self._code(question.coding, path)
        return list(self.fields.getlist(path)) if question.type is Type.CHOICES else self.fields.get(path)

    def _code(self, coding: Coding, path: str) -> str | None:
        """The code that was chosen, or written in full; other words are refused once the answer is to be kept."""
        chosen, words = self.fields.get(path), (self.fields.get(f"{path}.words") or "").strip()
        if not words:
            return chosen
        self.reader.typed[f"{path}.words"] = words
        is_search = self.is_drawn or path in self.searched
        if is_search or any(option.code == chosen for option in coding.search(words)):
            return chosen
        found = coding.find(words)
        return str(found.code) if found else chosen or words

    def _inner(self, question: Question, path: str, rest: str) -> None:
        row_id, _, key = rest.partition(".")
        inner = next((q for q in question.questions if q.key == key), None)
        if inner is None or inner.type is Type.COMPUTED or not ROW_ID.match(row_id):
            return
        row = self.rows.find(question, row_id)
        if row is not None:
            self.reader.single(inner, path, self._raw(inner, path), row)


def read_page(fields: Fields, document: Mapping[str, Any], questions: Mapping[str, Question], tables: Tables) -> Draft:
    """The draft that a page's fields make of a document."""
    reader = Reader(document, tables)
    rows = PostedRows(fields, questions, reader)
    cleared, searched = (frozenset(fields.getlist(name)) for name in ("_clear", "_search"))
    is_drawn = bool(fields.get("_draw")) and not fields.getlist(DONE)
    post = _Post(fields, questions, reader, rows, cleared, searched, is_drawn)
    for path in fields.getlist(SHOWN):
        post.read(path)
    state = rows.finish()
    kept = [one for one in document.get("confirmed", ()) if not _was_shown(one, fields)]
    return replace(reader.draft([*kept, *fields.getlist("_confirmed")]), rows=state)


def _was_shown(confirmed: str, fields: Fields) -> bool:
    return confirmed.partition("=")[0] in fields.getlist(SHOWN)


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
        read_row(question, row, reader.add_row(question, row.get("id")), reader)


_OF_PARTS: Mapping[Type, Callable[[Question, Any, Reader], None]] = {
    Type.ROWS: _read_rows,
    Type.OPIOID_TABLE: _read_doses,
    Type.VISITS_TABLE: _read_visits,
}


def _preparations(question: Question) -> Iterator[Any]:
    yield from question.preparations.items if question.preparations else ()
