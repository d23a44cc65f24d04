"""Make an extract: read what was approved, pack it for its recipient, and tell release."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.registration.domain.extract import (
    Course,
    ExtractState,
    Field,
    Sheet,
    Variable,
    codebook,
    smallest_cell,
    table,
)
from services.registration.domain.patient_form import SYSTEM
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import ExtractRow
from services.registration.usecases.ports import ExtractFiles, ExtractPackage, RecipientKeyWrong
from shared.audit.log import Access
from shared.contracts.registration import ExtractFailed, ExtractReady
from shared.db.keyed_hash import KeyedHash
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.jobs import JobWaits

PSEUDONYM_SIGNS = 20


@dataclass(frozen=True, kw_only=True)
class ExtractKit:
    """What making an extract needs besides the database. `hash_of` gives a project its own pseudonyms."""

    persons: PersonStore
    variables: Mapping[str, Mapping[str, Variable]]
    hash_of: Callable[[str], KeyedHash]
    package: ExtractPackage
    files: ExtractFiles


@dataclass(frozen=True, kw_only=True)
class _Gathered:
    project_id: str
    recipient_key: str
    variables: Sequence[Variable]
    courses: Sequence[Course]
    sheets: Sequence[Sheet]


def make_extract(extract_id: str, *, kit: ExtractKit, uow: UnitOfWork[Store]) -> None:
    """Make the file of a request; run again after a crash it makes the same. Raises JobWaits if it must be redone."""
    gathered = _gather(extract_id, kit, uow)
    if gathered is None:
        return
    try:
        content = kit.package.pack(_tables(gathered, kit.hash_of(gathered.project_id)), gathered.recipient_key)
    except RecipientKeyWrong:
        with uow() as store:
            _fail(store, store.extract(extract_id), "recipient_key_wrong")
        return
    _finish(extract_id, gathered, content, kit.files, uow)


def _gather(extract_id: str, kit: ExtractKit, uow: UnitOfWork[Store]) -> _Gathered | None:
    with uow() as store:
        row = store.extract(extract_id)
        if row.state != ExtractState.REQUESTED:
            return None
        known = kit.variables.get(row.request["registry"], {})
        variables = [known[name] for name in row.request["variables"] if name in known]
        if not variables or len(variables) != len(row.request["variables"]):
            _fail(store, row, "variable_unknown")
            return None
        courses = _courses(store, row.request, kit.persons)
        if not courses:
            _fail(store, row, "nobody_found")
            return None
        store.keep_members(extract_id, {course.pid for course in courses})
        for pid in sorted({course.pid for course in courses}):
            store.log_access(_access(row, pid))
        return _Gathered(
            project_id=row.project_id,
            recipient_key=row.request["recipient_key"],
            variables=variables,
            courses=courses,
            sheets=list(_sheets(store, courses, row.request["registry"], variables)),
        )


def _courses(store: Store, request: Mapping[str, Any], persons: PersonStore) -> list[Course]:
    """Without persons who have reserved, also when the erasing is not done yet."""
    first, last = (date.fromisoformat(request[name]) for name in ("from_on", "to_on"))
    rows = store.national_courses(request["registry"], first, last, request["organisations"])
    hashes = persons.block_hashes_of({row.pid for row in rows})
    blocked = store.blocked_of(request["registry"], hashes.values())
    return [
        Course(pid=row.pid, course_id=row.course_id, started_on=row.started_on)
        for row in rows
        if row.pid in hashes and hashes[row.pid] not in blocked
    ]


def _sheets(store: Store, courses: Sequence[Course], registry: str, variables: Sequence[Variable]) -> Iterator[Sheet]:
    """One sheet with a line a course, and one for each question that has rows."""
    ids = [course.course_id for course in courses]
    fields, lines = list[Field](), {course_id: list[Any]() for course_id in ids}
    for form in dict.fromkeys(variable.form for variable in variables):
        own = [found for variable in variables if variable.form == form for found in variable.fields]
        answers = store.finished_answers(registry, form, own, ids)
        fields += own
        for course_id in ids:
            lines[course_id] += answers.get(course_id, [[None] * len(own)])[0]
    yield Sheet(name="data", fields=fields, lines={course_id: [line] for course_id, line in lines.items()})
    for variable in (variable for variable in variables if variable.inner):
        own = [found for inner in variable.inner for found in inner.fields]
        answers = store.finished_answers(registry, variable.form, own, ids, rows=variable.question)
        yield Sheet(name=variable.name, fields=own, lines=answers)


def _tables(gathered: _Gathered, project: KeyedHash) -> dict[str, list[list[str]]]:
    def pseudonym(pid: int) -> str:
        return project.digest(str(pid))[:PSEUDONYM_SIGNS]

    return {
        **{sheet.name: list(table(sheet, gathered.courses, pseudonym)) for sheet in gathered.sheets},
        "codebook": list(codebook(gathered.variables)),
    }


def _finish(extract_id: str, gathered: _Gathered, content: bytes, files: ExtractFiles, uow: UnitOfWork[Store]) -> None:
    """Keep the file and tell release, unless the extract was taken back meanwhile."""
    with uow() as store:
        # Locked, courses first as an erasing does: it either is seen here, or sees this extract and its file.
        is_whole = store.lock_courses([course.course_id for course in gathered.courses])
        row = store.extract(extract_id)
        if row.state != ExtractState.REQUESTED:
            return
        if not is_whole:
            raise JobWaits("a course is gone")
        digest = files.write(extract_id, content)
        row.state, row.sha256, row.made_at = ExtractState.READY, digest, store.now
        store.emit(
            ExtractReady(
                extract_id=extract_id,
                delivery_id=row.delivery_id,
                persons=len({course.pid for course in gathered.courses}),
                rows=len(gathered.courses),
                smallest_cell=smallest_cell(gathered.sheets, gathered.courses),
                sha256=digest,
            )
        )


def _fail(store: Store, row: ExtractRow, code: str) -> None:
    row.state = ExtractState.FAILED
    store.emit(ExtractFailed(extract_id=row.extract_id, delivery_id=row.delivery_id, code=code))


def _access(row: ExtractRow, pid: int) -> Access:
    return Access.by_system(
        SYSTEM,
        registry=row.request["registry"],
        pid=pid,
        action="export",
        object=f"extract:{row.extract_id}",
        reason=f"project:{row.project_id}",
    )
