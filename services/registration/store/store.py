"""The health database inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, text

from services.registration.domain.errors import NotFound
from services.registration.store.tables import (
    BlockRow,
    CourseRow,
    ExtractMemberRow,
    ExtractRow,
    FormRow,
    PatientFormRow,
)
from shared.outbox.unit_of_work import Store as KitStore


class Store(KitStore):
    """Courses, forms, blocks and extracts; what is changed here is saved when the transaction ends."""

    def course(self, course_id: int, *, organisation: int | None = None) -> CourseRow:
        """The course, locked for change; of another organisation it does not exist."""
        query = select(CourseRow).where(CourseRow.course_id == course_id).with_for_update()
        if organisation is not None:
            query = query.where(CourseRow.organisation == organisation)
        row = self.session.scalar(query)
        if row is None:
            raise NotFound
        return row

    def courses_of(self, pid: int) -> Sequence[CourseRow]:
        """All courses of a person, newest first."""
        query = select(CourseRow).where(CourseRow.pid == pid).order_by(CourseRow.started_on.desc())
        return self.session.scalars(query).all()

    def form(self, course_id: int, form: str) -> FormRow | None:
        """The saved answers of a form, if anything was written."""
        return self.session.get(FormRow, (course_id, form))

    def forms_of(self, course_id: int) -> Sequence[FormRow]:
        """All written forms of a course."""
        return self.session.scalars(select(FormRow).where(FormRow.course_id == course_id)).all()

    def patient_form(self, course_id: int, form: str) -> PatientFormRow | None:
        """What eprom has told about a patient form."""
        return self.session.get(PatientFormRow, (course_id, form))

    def add(self, row: object) -> None:
        """Put a new row into the transaction."""
        self.session.add(row)
        self.session.flush()

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
        row = self.session.get(ExtractRow, extract_id)
        if row is None:
            raise NotFound
        return row

    def extracts_with(self, pid: int) -> list[str]:
        """Ids of the extracts that hold the person."""
        query = select(ExtractMemberRow.extract_id).where(ExtractMemberRow.pid == pid)
        return list(self.session.scalars(query.order_by(ExtractMemberRow.extract_id)))

    def remove_from_extracts(self, pid: int) -> None:
        """Forget that the person was in any extract."""
        self.session.execute(delete(ExtractMemberRow).where(ExtractMemberRow.pid == pid))

    def remove_course(self, course_id: int, typed_tables: Sequence[str]) -> None:
        """Delete a course with its forms, typed rows and patient forms."""
        for table in typed_tables:
            self.session.execute(text(f'DELETE FROM "{table}" WHERE course_id = :id'), {"id": course_id})  # noqa: S608
        for kind in (FormRow, PatientFormRow, CourseRow):
            self.session.execute(delete(kind).where(kind.course_id == course_id))

    def write_typed_row(self, table: str, values: dict[str, Any]) -> None:
        """Put the typed columns of a form beside its document; `table` and columns come from the definitions."""
        columns = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f":{name}" for name in values)
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in values if name != "course_id")
        self.session.execute(
            text(
                f'INSERT INTO "{table}" ({columns}) VALUES ({marks}) '  # noqa: S608 - names from checked definitions
                f"ON CONFLICT (course_id) DO UPDATE SET {changes}"
            ),
            values,
        )
