"""Reads the rows of a page: which are on it, which are being written, and what the buttons of rows ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orjson import JSONDecodeError, dumps, loads

from shared.forms.definition import Question, Type
from shared.forms.draft import RowsState
from shared.forms.posted import Fields
from shared.forms.read_answers import Reader

ROW_ID = re.compile(r"[A-Za-z0-9]{1,16}\Z")
OPEN, BEFORE, SHOWN = "_open", "_before", "_shown"
ADD, EDIT, DONE, CANCEL, REMOVE = "_add_row", "_edit_row", "_done_row", "_cancel_row", "_remove_row"


class PostedRows:
    """The rows of one post. `find` gives those that are read; `finish` does what the buttons ask for."""

    def __init__(self, fields: Fields, questions: Mapping[str, Question], reader: Reader) -> None:
        self._fields, self._reader = fields, reader
        self._questions = {key: question for key, question in questions.items() if question.type is Type.ROWS}
        self._cancelled, self._removed = frozenset(fields.getlist(CANCEL)), frozenset(fields.getlist(REMOVE))
        self._restored: set[str] = set()

    def find(self, question: Question, row_id: str) -> dict[str, Any] | None:
        """The row to read answers into; None for one that is taken away, or put back as it was before."""
        path = f"{question.key}.{row_id}"
        if path in self._removed or path in self._restored:
            return None
        before = self._before(path) if path in self._cancelled else None
        if path in self._cancelled and before is None:
            return None
        row = self._row(question, row_id) or self._reader.add_row(question, row_id)
        if before is None:
            return row
        self._restored.add(path)
        row.clear()
        row["id"] = row_id
        read_row(question, before, row, self._reader)
        return None

    def finish(self) -> RowsState:
        """Take away what is gone, begin what is new, and tell what was done."""
        done = RowsState()
        for key, question in self._questions.items():
            numbers = self._on_page(key)
            if key in self._fields.getlist(SHOWN):
                self._keep_only(question)
            for act, path in self._acts(key):
                row_id = path.partition(".")[2]
                number = numbers.index(row_id) + 1 if row_id in numbers else 0
                done = self._done(act, path, question, number)
        return RowsState(self._opened(done), done.act, done.path, done.number)

    def _done(self, act: str, path: str, question: Question, number: int) -> RowsState:
        row_id = path.partition(".")[2]
        if act == "remove" or (act == "cancel" and self._before(path) is None):
            self._reader.remove_row(question, row_id)
        if act == "add":
            row = self._reader.add_row(question)
            path, number = f"{question.key}.{row['id']}", len(self._reader.rows(question))
        return RowsState(act=act, path=path, number=number)

    def _acts(self, key: str) -> Iterator[tuple[str, str]]:
        yield from (("add", one) for one in self._fields.getlist(ADD) if one == key)
        for name, act in ((EDIT, "edit"), (DONE, "done"), (CANCEL, "cancel"), (REMOVE, "remove")):
            yield from ((act, one) for one in self._fields.getlist(name) if one.partition(".")[0] == key)

    def _opened(self, done: RowsState) -> dict[str, str]:
        closed = done.path if done.act in {"cancel", "remove"} else ""
        found = {path: self._fields.get(f"{BEFORE}.{path}") or "" for path in self._fields.getlist(OPEN)}
        if done.act == "add":
            found[done.path] = ""
        if done.act == "edit" and done.path not in found:
            found[done.path] = as_before(self._at(done.path) or {})
        return {path: before for path, before in found.items() if path != closed and self._at(path) is not None}

    def _keep_only(self, question: Question) -> None:
        """Rows that are stored and no longer on the page were taken away on it."""
        on_page = self._on_page(question.key)
        for row in self._reader.rows(question):
            if row["id"] not in on_page:
                self._reader.remove_row(question, row["id"])

    def _on_page(self, key: str) -> list[str]:
        inside = (path.split(".") for path in self._fields.getlist(SHOWN) if path.startswith(f"{key}."))
        return list(dict.fromkeys(row_id for _, row_id, *_ in inside))

    def _before(self, path: str) -> Mapping[str, Any] | None:
        try:
            found = loads(self._fields.get(f"{BEFORE}.{path}") or "null")
        except JSONDecodeError:
            return None
        return found if isinstance(found, dict) else None

    def _at(self, path: str) -> dict[str, Any] | None:
        key, _, row_id = path.partition(".")
        return self._row(self._questions[key], row_id) if key in self._questions else None

    def _row(self, question: Question, row_id: str) -> dict[str, Any] | None:
        return next((row for row in self._reader.rows(question) if row["id"] == row_id), None)


def as_before(row: Mapping[str, Any]) -> str:
    """The answers of a row as the page keeps them for the case that its changes are taken back."""
    return dumps({key: value for key, value in row.items() if key != "id"}).decode()


def read_row(question: Question, given: Mapping[str, Any], row: dict[str, Any], reader: Reader) -> None:
    """Read the answers of one row as a program sends them."""
    inner = {q.key: q for q in question.questions}
    for key in (name for name in given if name != "id"):
        path = f"{question.key}.{row['id']}.{key}"
        if key not in inner or inner[key].type is Type.COMPUTED:
            reader.refuse("question.computed" if key in inner else "question.unknown", path)
        else:
            reader.single(inner[key], path, given[key], row)
