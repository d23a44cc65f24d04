"""Tables made from the definitions of forms: one typed column an answer that counts, beside the documents.

They hold nothing that the documents do not. So they have no migrations, and can be made anew whenever somebody likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, MetaData, Numeric, String, Table, Text, text
from sqlalchemy.sql.expression import TextClause

from shared.db.base import privacy
from shared.forms.columns import ColumnSpec
from shared.forms.compiled import CompiledForm
from shared.forms.context import repeats_identity
from shared.forms.definition import Kind, Type
from shared.forms.registry import Registry
from shared.forms.standing import Standing

PREFIX, MADE = "x_", "x_made"
_LONGEST_NAME = 63
_TYPES: Mapping[Kind, Any] = {
    Kind.INTEGER: Integer,
    Kind.DECIMAL: Numeric(asdecimal=False),
    Kind.TEXT: Text,
    Kind.DATE: Date,
}
Row = dict[str, Any]


@dataclass(frozen=True)
class TypedForm:
    """Where the answers of a form stand: one row a course, and a table for the rows of each question that has rows."""

    table: Table
    rows: Mapping[str, Table]

    def tables(self) -> tuple[Table, ...]:
        """All its tables."""
        return (self.table, *self.rows.values())

    def read(self, form: CompiledForm, course_id: int, standing: Standing) -> Iterator[tuple[Table, Row]]:
        """The rows that a stored document makes; `standing` is as stored."""
        own = {"course_id": course_id, "definition_version": form.version}
        yield self.table, _complete(self.table, {**own, **form.rows.own(standing)})
        for question, found in form.rows.children(standing).items():
            table = self.rows[question]
            yield from ((table, _complete(table, {"course_id": course_id, **one})) for one in found)


TypedTables = Mapping[tuple[str, str], TypedForm]


def add_typed_tables(metadata: MetaData, registries: Iterable[Registry]) -> TypedTables:
    """Add the tables of all forms to a service's metadata; found by registry and form."""
    Table(MADE, metadata, Column("definitions", String(64), primary_key=True, info=privacy("none")))
    return {
        (registry.key, form): _typed_form(metadata, f"{PREFIX}{registry.key}_{form}", versions)
        for registry in registries
        for form, versions in registry.forms.items()
    }


@cache
def insertion(table: Table) -> TextClause:
    """The statement that puts a row into a table; answers go into it as documents hold them, dates as ISO texts."""
    names = _names(table)
    columns, marks = (", ".join(f"{sign}{name}{end}" for name in names) for sign, end in (('"', '"'), (":", "")))
    return text(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})')  # noqa: S608 - names of definitions


@cache
def replacement(table: Table) -> TextClause:
    """The same, in place of the row that the course has in it."""
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in _names(table) if name != "course_id")
    return text(f"{insertion(table)} ON CONFLICT (course_id) DO UPDATE SET {changes}")


def _typed_form(metadata: MetaData, name: str, versions: Mapping[int, CompiledForm]) -> TypedForm:
    rows = {question: f"{name}_{question}" for form in versions.values() for question in form.child_columns}
    return TypedForm(
        table=_table(metadata, name, (_column("definition_version"),), [form.columns for form in versions.values()]),
        rows={
            question: _table(
                metadata,
                child,
                (Column("row_id", String(40), primary_key=True, info=privacy("none")), _column("position")),
                [form.child_columns.get(question, ()) for form in versions.values()],
            )
            for question, child in rows.items()
        },
    )


def _table(
    metadata: MetaData, name: str, first: tuple[Column[Any], ...], versions: Iterable[Iterable[ColumnSpec]]
) -> Table:
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"too long for the name of a table: {name}")
    course = ForeignKey("course.course_id", ondelete="CASCADE")
    number = BigInteger().with_variant(Integer, "sqlite")
    key = Column("course_id", number, course, primary_key=True, autoincrement=False, info=privacy("none"))
    return Table(name, metadata, key, *first, *(_answer(spec) for spec in _of_all(name, versions).values()))


def _of_all(table: str, versions: Iterable[Iterable[ColumnSpec]]) -> dict[str, ColumnSpec]:
    """The columns of every version of a form, without those that would say who somebody is."""
    found: dict[str, ColumnSpec] = {}
    for spec in (spec for specs in versions for spec in specs if not repeats_identity(spec.question)):
        known = found.setdefault(spec.column, spec)
        if known.kind is not spec.kind:
            raise ValueError(f"{table}.{spec.column} holds {known.kind} in one version and {spec.kind} in another")
    return found


def _column(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False, info=privacy("none"))


def _answer(spec: ColumnSpec) -> Column[Any]:
    is_free = spec.question.type is Type.TEXT
    return Column(spec.column, _TYPES[spec.kind], info=privacy("free_text" if is_free else "health"))


def _complete(table: Table, values: Row) -> Row:
    return {name: values.get(name) for name in _names(table)}


@cache
def _names(table: Table) -> tuple[str, ...]:
    return tuple(str(column.name) for column in table.columns)
