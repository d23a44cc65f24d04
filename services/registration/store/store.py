"""The health database inside one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm.util import identity_key

from services.registration.domain.course import Placing
from services.registration.domain.errors import NotFound
from services.registration.domain.extract import ExtractState, Field
from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import Told
from services.registration.store.batches import batched
from services.registration.store.patient_forms import keep_told, told_by
from services.registration.store.saved_form import (
    DOCUMENTS,
    SAVED,
    Written,
    read_course,
    read_documents,
    write_course,
    write_saved,
)
from services.registration.store.tables import (
    TYPED,
    Base,
    BlockRow,
    CourseRow,
    DraftRow,
    ExtractMemberRow,
    ExtractRow,
    FeedRow,
    FlagRow,
    FormRow,
    PatientFormRow,
)
from services.registration.store.typed_tables import insertion, replacement
from shared.forms.catalogue import registry
from shared.forms.standing import Standing
from shared.outbox.unit_of_work import Store as KitStore

# What every save of a form asks is built once.
_COURSE = select(CourseRow).where(CourseRow.course_id == bindparam("course_id")).with_for_update()
_WRITE = sqlite.insert(Base.metadata.tables[FormRow.__tablename__])
_KEEP = _WRITE.on_conflict_do_update(set_={name: _WRITE.excluded[name] for name in SAVED})


class Store(KitStore):
    """Courses, forms, blocks and extracts; what is changed here is saved when the transaction ends."""

    @property
    def _is_postgresql(self) -> bool:
        return self.session.get_bind().dialect.name == "postgresql"

    def course(self, course_id: int, *, organisation: int | None = None) -> CourseRow:
        """The course, locked for change; of another organisation it does not exist."""
        row = self.find_course(course_id)
        if row is None or organisation not in {None, row.organisation}:
            raise NotFound
        return row

    def find_course(self, course_id: int) -> CourseRow | None:
        """The course, locked for change, or None when it is gone."""
        is_known = identity_key(CourseRow, course_id) in self.session.identity_map
        if self._is_postgresql and not is_known:
            row = read_course(self.session, course_id)
            if row is not None:
                self.session.add(row)
            return row
        return self.session.scalar(_COURSE, {"course_id": course_id})

    def course_as_it_stands(self, course_id: int) -> CourseRow:
        """The course for reading only, not locked."""
        row = self.session.get(CourseRow, course_id)
        if row is None:
            raise NotFound
        return row

    def course_to_keep(self, course_id: int) -> CourseRow:
        """The course, locked for change; what is changed is written by `keep_course` alone."""
        row = read_course(self.session, course_id) if self._is_postgresql else self.find_course(course_id)
        if row is None:
            raise NotFound
        if not self._is_postgresql:
            self.session.expunge(row)
        return row

    def keep_course(self, course: CourseRow) -> None:
        """Write what was changed in a course of `course_to_keep`."""
        write_course(self.session, course)

    def courses_of(self, pid: int) -> Sequence[CourseRow]:
        """All courses of a person, newest first."""
        query = select(CourseRow).where(CourseRow.pid == pid).order_by(CourseRow.started_on.desc())
        return self.session.scalars(query).all()

    def form(self, course_id: int, form: str) -> FormRow | None:
        """The saved answers of a form, if anything was written."""
        return self.session.get(FormRow, (course_id, form))

    def documents_of(self, course_id: int) -> dict[str, Written]:
        """All written forms of a course, by their key."""
        if self._is_postgresql:
            return {row.form: row for row in read_documents(self.session, course_id)}
        return {row.form: Written(*row) for row in self.session.execute(DOCUMENTS, {"course_id": course_id})}

    def keep_form(self, registry_key: str, row: FormRow, standing: Standing) -> None:
        """Write a form that was saved, with its typed columns, whatever was there before; its comment stays."""
        if self._is_postgresql:
            write_saved(self.session, registry_key, row, standing)
            return
        values = {name: getattr(row, name) for name in ("course_id", "form", *SAVED)}
        self.session.execute(_KEEP, {"comment": "", **values})
        self.write_typed(registry_key, row)

    def patient_form(self, course_id: int, form: str) -> PatientFormRow | None:
        """What eprom has told about a patient form."""
        return self.session.get(PatientFormRow, (course_id, form))

    def told_of(self, course_id: int, form: str) -> Told | None:
        """The same, as the rules read it."""
        row = self.patient_form(course_id, form)
        if row is None:
            return None
        return told_by(row)

    def keep_told(self, course_id: int, form: str, told: Told) -> None:
        """Keep the newest that is known of a patient form."""
        row = self.patient_form(course_id, form) or PatientFormRow(course_id=course_id, form=form)
        keep_told(row, told, self.now)
        self.add(row)

    def add(self, row: object) -> None:
        """Put a new row into the transaction."""
        self.session.add(row)
        self.session.flush()

    def feed_position(self, name: str) -> int | None:
        """How far a feed has been read; None before the first time."""
        row = self.session.get(FeedRow, name)
        return None if row is None else row.position

    def move_feed(self, name: str, position: int) -> None:
        """Remember how far a feed has been read."""
        row = self.session.get(FeedRow, name) or FeedRow(name=name)
        row.position = position
        self.add(row)

    def is_blocked(self, registry: str, person_hash: str) -> bool:
        """Whether this person has reserved against the registry."""
        return self.session.get(BlockRow, (registry, person_hash)) is not None

    def unblock(self, registry: str, person_hash: str) -> None:
        """Take a person off the block list."""
        self.session.execute(
            delete(BlockRow).where(BlockRow.registry_key == registry, BlockRow.person_hash == person_hash)
        )

    def extract(self, extract_id: str) -> ExtractRow:
        """The extract; raises NotFound."""
        row = self.session.scalar(select(ExtractRow).where(ExtractRow.extract_id == extract_id).with_for_update())
        if row is None:
            raise NotFound
        return row

    def find_extract(self, extract_id: str) -> ExtractRow | None:
        """The extract, or None."""
        return self.session.get(ExtractRow, extract_id)

    def extracts_with(self, pid: int, registry: str) -> list[str]:
        """Ids of a registry's extracts that hold the person."""
        query = select(ExtractRow).join(ExtractMemberRow).where(ExtractMemberRow.pid == pid)
        rows = self.session.scalars(query.order_by(ExtractRow.extract_id))
        return [row.extract_id for row in rows if row.request["registry"] == registry]

    def withdraw_extracts(self, extract_ids: Sequence[str]) -> None:
        """Let nobody fetch these extracts any more."""
        change = update(ExtractRow).where(ExtractRow.extract_id.in_(extract_ids))
        self.session.execute(change.values(state=ExtractState.WITHDRAWN))

    def keep_members(self, extract_id: str, pids: Iterable[int]) -> None:
        """Remember who is in an extract, instead of what was remembered before."""
        self.session.execute(delete(ExtractMemberRow).where(ExtractMemberRow.extract_id == extract_id))
        rows = [{"extract_id": extract_id, "pid": pid} for pid in pids]
        self.session.execute(insert(ExtractMemberRow), rows)

    def national_courses(
        self, registry: str, first: date, last: date, organisations: Sequence[int]
    ) -> Sequence[CourseRow]:
        """The courses that count nationally, begun between two days (both included)."""
        query = select(CourseRow).where(
            CourseRow.registry_key == registry,
            CourseRow.organisation.in_(organisations),
            CourseRow.started_on.between(first, last),
            CourseRow.placement == Placing.NATIONAL,
        )
        return self.session.scalars(query.order_by(CourseRow.course_id)).all()

    def finished_answers(
        self, registry_key: str, form: str, fields: Sequence[Field], course_ids: Sequence[int], rows: str | None = None
    ) -> dict[int, list[Sequence[Any]]]:
        """The typed answers of a locked form by course, or those of its rows to a question, in their order."""
        typed, found = TYPED[registry_key, form], dict[int, list[Sequence[Any]]]()
        table = typed.rows[rows] if rows else typed.table
        query = select(table.c.course_id, *(table.c[one.column] for one in fields)).where(
            FormRow.course_id == table.c.course_id, FormRow.form == form, FormRow.state == FormState.FINALISED
        )
        if rows:
            query = query.order_by(table.c.course_id, table.c.position)
        for some in batched(course_ids):
            for course_id, *values in self.session.execute(query.where(table.c.course_id.in_(some))):
                found.setdefault(course_id, []).append(values)
        return found

    def lock_courses(self, course_ids: Sequence[int]) -> bool:
        """Lock the courses against erasing until the transaction ends; False when one counts nationally no more."""
        locked = 0
        for some in batched(course_ids):
            query = (
                select(CourseRow.course_id)
                .where(CourseRow.course_id.in_(some), CourseRow.placement == Placing.NATIONAL)
                .with_for_update()
            )
            locked += len(self.session.scalars(query.order_by(CourseRow.course_id)).all())
        return locked == len(course_ids)

    def blocked_of(self, registry: str, hashes: Iterable[str]) -> set[str]:
        """Those of the persons who have reserved."""
        found: set[str] = set()
        for some in batched(hashes):
            query = select(BlockRow.person_hash).where(
                BlockRow.registry_key == registry, BlockRow.person_hash.in_(some)
            )
            found |= set(self.session.scalars(query))
        return found

    def remove_from_extracts(self, pid: int, extract_ids: Sequence[str]) -> None:
        """Forget that the person was in these extracts."""
        which = (ExtractMemberRow.pid == pid) & ExtractMemberRow.extract_id.in_(extract_ids)
        self.session.execute(delete(ExtractMemberRow).where(which))

    def remove_course(self, course_id: int) -> None:
        """Delete a course with its forms, drafts, patient forms and flags."""
        for kind in (FormRow, DraftRow, PatientFormRow, FlagRow, CourseRow):
            self.session.execute(delete(kind).where(kind.course_id == course_id))

    def write_typed(self, registry_key: str, row: FormRow) -> None:
        """Put the answers that count of a form into typed columns, in place of those of its last document."""
        typed = TYPED[registry_key, row.form]
        for table in typed.rows.values():
            self.session.execute(delete(table).where(table.c.course_id == row.course_id))
        for table, values in self._typed_rows(registry_key, row):
            statement = replacement(table) if table is typed.table else insertion(table)
            self.session.execute(statement, values)

    def courses_after(self, course_id: int, most: int) -> Sequence[CourseRow]:
        """The next courses by FID, locked for change."""
        query = select(CourseRow).where(CourseRow.course_id > course_id).order_by(CourseRow.course_id).limit(most)
        return self.session.scalars(query.with_for_update()).all()

    def write_typed_again(self, courses: Sequence[CourseRow]) -> None:
        """Make the typed rows of these courses anew from their documents."""
        registries = {course.course_id: course.registry_key for course in courses}
        found: dict[Table, list[dict[str, Any]]] = {}
        for row in self.session.scalars(select(FormRow).where(FormRow.course_id.in_(registries))):
            for table, values in self._typed_rows(registries[row.course_id], row):
                found.setdefault(table, []).append(values)
        for typed in TYPED.values():
            for table in typed.tables():
                self.session.execute(delete(table).where(table.c.course_id.in_(registries)))
        for table, rows in found.items():
            self.session.execute(insertion(table), rows)

    @staticmethod
    def _typed_rows(registry_key: str, row: FormRow) -> Iterator[tuple[Table, dict[str, Any]]]:
        form = registry(registry_key).form(row.form, row.definition_version)
        return TYPED[registry_key, row.form].read(form, row.course_id, form.stand_stored(row.document))
