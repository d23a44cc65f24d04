"""What every save of a form asks PostgreSQL: the course, its documents, and two statements that write."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table, TextClause, Update, bindparam, inspect, select, text, update
from sqlalchemy.orm import Session, make_transient_to_detached

from services.registration.store.tables import TYPED, Base, CourseRow, FormRow
from services.registration.store.typed_tables import TypedForm
from shared.db.direct import run
from shared.forms.catalogue import registry
from shared.forms.standing import Standing

# The comment is not of a save; it is written elsewhere.
SAVED = ("definition_version", "document", "state", "revision", "saved_at", "saved_by", "finalised_at", "finalised_by")
_NEW = "new_"
_PLAIN = ("course_id", "form", *(name for name in SAVED if name != "document"))


_COURSE = select(*CourseRow.__table__.columns).where(CourseRow.course_id == bindparam("course_id")).with_for_update()
_ATTRIBUTES = tuple(CourseRow.__mapper__.get_property_by_column(column).key for column in CourseRow.__table__.columns)
DOCUMENTS = select(
    FormRow.form,
    FormRow.document,
    FormRow.definition_version,
    FormRow.state,
    FormRow.revision,
    FormRow.comment,
    FormRow.finalised_by,
).where(FormRow.course_id == bindparam("course_id"))


class Written(NamedTuple):
    """One written form of a course."""

    form: str
    document: dict[str, Any]
    definition_version: int
    state: int
    revision: int
    comment: str
    finalised_by: str | None


def read_course(session: Session, course_id: int) -> CourseRow | None:
    """The course, locked for change; the session does not know of it."""
    found = run(session.connection(), _COURSE, {"course_id": course_id})
    if not found:
        return None
    row = CourseRow()
    # Past the ORM's own setting, which would note each of them as a change.
    row.__dict__.update(zip(_ATTRIBUTES, found[0], strict=True))
    make_transient_to_detached(row)
    return row


def write_course(session: Session, course: CourseRow) -> None:
    """Write what was changed in a course that the session does not know of."""
    state = inspect(course)
    if not state.modified:
        return
    changed = tuple(one.key for one in state.attrs if one.history.has_changes())
    if not changed:  # something was set to what it was
        return
    values = {"wanted": course.course_id, **{_NEW + name: getattr(course, name) for name in changed}}
    if session.get_bind().dialect.name == "postgresql":
        run(session.connection(), _update(changed), values)
    else:
        session.connection().execute(_update(changed), values)


@cache
def _update(names: tuple[str, ...]) -> Update:
    columns = CourseRow.__mapper__.columns
    values: dict[Any, Any] = {columns[name]: bindparam(_NEW + name) for name in names}
    course = Base.metadata.tables[CourseRow.__tablename__]
    return update(course).where(columns["course_id"] == bindparam("wanted")).values(values)


def read_documents(session: Session, course_id: int) -> list[Written]:
    """All written forms of a course."""
    return [Written(*row) for row in run(session.connection(), DOCUMENTS, {"course_id": course_id})]


def write_saved(session: Session, registry_key: str, row: FormRow, standing: Standing) -> None:
    """Write a form in place of what was there before; `standing` is as stored."""
    connection, values = session.connection(), {name: getattr(row, name) for name in _PLAIN}
    run(connection, _document(registry_key, row.form), {**values, "document": _json(row.document)})
    form = registry(registry_key).form(row.form, row.definition_version)
    found: dict[str, list[dict[str, Any]]] = {}
    for table, answers in TYPED[registry_key, row.form].read(form, row.course_id, standing):
        found.setdefault(table.name, []).append(answers)
    tables = TYPED[registry_key, row.form].tables()
    rows = {f"r{number}": _json(found.get(table.name, [])) for number, table in enumerate(tables)}
    run(connection, _columns(registry_key, row.form), rows)


@cache
def _document(registry_key: str, form: str) -> TextClause:
    """The typed rows go, and come back with the next statement: an upsert of a hundred columns is slower to read."""
    clears = ", ".join(f"c{number} AS ({_deletion(table)})" for number, table in _numbered(registry_key, form))
    changes = ", ".join(f"{name} = excluded.{name}" for name in SAVED)
    return text(
        f"WITH {clears} INSERT INTO form (comment, document, {', '.join(_PLAIN)})"  # noqa: S608 - own names
        f" VALUES ('', CAST(:document AS jsonb), {', '.join(f':{name}' for name in _PLAIN)})"
        f" ON CONFLICT (course_id, form) DO UPDATE SET {changes}"
    )


@cache
def _columns(registry_key: str, form: str) -> TextClause:
    first, *others = (_insertion(number, table) for number, table in _numbered(registry_key, form))
    more = ", ".join(f"i{number} AS ({insertion})" for number, insertion in enumerate(others, 1))
    return text(f"WITH {more} {first}" if more else first)


def _deletion(table: Table) -> str:
    return f'DELETE FROM "{table.name}" WHERE course_id = :course_id'  # noqa: S608 - names of definitions


def _insertion(number: int, table: Table) -> str:
    kind = f'CAST(NULL AS "{table.name}")'
    rows = f"jsonb_populate_recordset({kind}, CAST(:r{number} AS jsonb))"
    return f'INSERT INTO "{table.name}" SELECT * FROM {rows}'  # noqa: S608 - names of definitions


def _numbered(registry_key: str, form: str) -> list[tuple[int, Table]]:
    typed: TypedForm = TYPED[registry_key, form]
    return list(enumerate(typed.tables()))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
