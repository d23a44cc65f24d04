"""The register's columns of a form: which there are, and what answers write to them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.forms.definition import UNKNOWN, Code, Column, FormDefinition, Kind, Question, Type
from shared.forms.standing import Standing

_Cell = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class ColumnSpec:
    """One physical field: its name in reports, what it holds, and the answer (or part of one) it comes from."""

    field: str
    name: str
    kind: Kind
    question: Question
    part: Code | None = None
    role: str = "value"

    @cached_property
    def column(self) -> str:
        """The name of the typed column."""
        return self.field.lower()


def columns_of(form: FormDefinition) -> tuple[ColumnSpec, ...]:
    """The columns of the form's own table, in page order."""
    return tuple(spec for question in form.questions() for spec in columns_of_question(question))


def child_columns(question: Question) -> tuple[ColumnSpec, ...]:
    """The columns of the table of a rows question."""
    return tuple(spec for inner in question.questions for spec in columns_of_question(inner))


def columns_of_question(question: Question) -> Iterator[ColumnSpec]:
    """The columns of one question; those inside rows are in another table."""
    if question.is_internal or question.in_person_store:
        return
    yield from _TABLES.get(question.type, _single_columns)(question)


def _single_columns(question: Question) -> Iterator[ColumnSpec]:
    if question.column:
        kind = Kind.INTEGER if question.kind is Kind.BOOLEAN else question.kind or Kind.TEXT
        yield _spec(question.column, kind, question, None, "value")
        if question.missing and question.missing.column:
            yield _spec(question.missing.column, Kind.INTEGER, question, None, "unknown")


def _choices_columns(question: Question) -> Iterator[ColumnSpec]:
    for option in question.options:
        if option.column:
            yield _spec(option.column, Kind.INTEGER, question, option.code, "tick")


def _visits_columns(question: Question) -> Iterator[ColumnSpec]:
    for line in question.lines:
        yield _spec(line.column, Kind.INTEGER, question, line.code, "tick")
        yield _spec(line.times, Kind.INTEGER, question, line.code, "times")


def _opioid_columns(question: Question) -> Iterator[ColumnSpec]:
    for item in question.preparations.items if question.preparations else ():
        name = f"{item.name}{question.name_suffix}"
        yield ColumnSpec(f"{item.field}_DOSAGE", f"DD{name}", Kind.DECIMAL, question, item.key, "dose")
        yield ColumnSpec(f"{item.field}_OMEQ", f"OMEQ{name}", Kind.DECIMAL, question, item.key, "omeq")
    if question.total:
        yield _spec(question.total, Kind.DECIMAL, question, None, "sum")


_TABLES: Mapping[Type, Callable[[Question], Iterator[ColumnSpec]]] = {
    Type.ROWS: lambda _: iter(()),
    Type.CHOICES: _choices_columns,
    Type.OPIOID_TABLE: _opioid_columns,
    Type.VISITS_TABLE: _visits_columns,
}


def _spec(column: Column, kind: Kind, question: Question, part: Code | None, role: str) -> ColumnSpec:
    return ColumnSpec(column.field, column.name, kind, question, part, role)


class RowMaker:
    """Makes the rows of one table; which column reads what of which question is worked out once."""

    def __init__(self, specs: Iterable[ColumnSpec]) -> None:
        self._empty: dict[str, Any] = {}
        self._cells: dict[str, list[tuple[str, _Cell, Code | None]]] = {}
        for spec in specs:
            cell = _CELLS[spec.role]
            self._empty[spec.column] = None
            self._cells.setdefault(spec.question.key, []).append(
                (spec.column, _as_text(cell) if spec.kind is Kind.TEXT else cell, spec.part)
            )

    def row(self, values: Mapping[str, Any], shown: Container[str]) -> dict[str, Any]:
        """The value of each column; `values` and `shown` are by question key. What does not show is NULL."""
        found = dict(self._empty)
        for key, cells in self._cells.items():
            if key in shown:
                value = values.get(key)
                for column, cell, part in cells:
                    found[column] = cell(value, part)
        return found


class FormRows:
    """Makes the rows of all tables of a form."""

    def __init__(self, form: FormDefinition) -> None:
        self._own = RowMaker(columns_of(form))
        self._children = {q.key: RowMaker(child_columns(q)) for q in form.questions() if q.type is Type.ROWS}

    def own(self, standing: Standing) -> dict[str, Any]:
        """The row of the form's own table."""
        return self._own.row(standing.view, standing.shown)

    def children(self, standing: Standing) -> dict[str, list[dict[str, Any]]]:
        """The rows of each child table, by the rows question's key; each has its `row_id` and `position`."""
        return {
            key: [
                {"row_id": row["id"], "position": number, **maker.row(row, row)}
                for number, row in enumerate(standing.view.get(key) or () if key in standing.shown else (), 1)
            ]
            for key, maker in self._children.items()
        }


def _plain(value: Any, _part: object) -> Any:
    if value == UNKNOWN:
        return None
    return int(value) if isinstance(value, bool) else value


def _as_text(cell: _Cell) -> _Cell:
    def read(value: Any, part: Any) -> str | None:
        found = cell(value, part)
        return None if found is None else str(found)

    return read


_CELLS: Mapping[str, _Cell] = {
    "value": _plain,
    "tick": lambda value, part: int(value is not None and part in value),
    "unknown": lambda value, _: int(value == UNKNOWN),
    "times": lambda value, part: (value or {}).get(part),
    "dose": lambda value, part: (value or {}).get("doses", {}).get(part),
    "omeq": lambda value, part: (value or {}).get("omeq", {}).get(part),
    "sum": lambda value, _: (value or {}).get("sum"),
}
