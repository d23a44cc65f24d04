"""Store what a patient has answered, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.registration.domain.change_log import MISFITS, REFUSED, SET_ASIDE, TOO_LATE
from services.registration.domain.errors import RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import SYSTEM, PatientFormState, Told
from services.registration.domain.registry import Registry
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FormRow
from services.registration.usecases.check_answers import check_answers
from services.registration.usecases.ports import Answers
from services.registration.usecases.raise_flags import raise_flags
from shared.audit.log import Access
from shared.contracts.registration import PatientFormStored
from shared.outbox.unit_of_work import UnitOfWork


def store_patient_form(answers: Answers, *, registries: Mapping[str, Registry], uow: UnitOfWork[Store]) -> None:
    """Keep the answers locked, and tell eprom so that it forgets its own; a second time changes nothing."""
    with uow() as store:
        course = store.find_course(answers.course_id)
        if course is None or _is_stored(store, answers):
            return
        if course.pid != answers.pid:
            raise RuleBroken("answers_of_somebody_else")
        registry = registries[course.registry_key]
        entry = registry.form(answers.form)
        if entry is None or not entry.is_patient:
            raise RuleBroken("form_unknown")
        if _has_paper(store, answers):
            store.log_access(_aside(course, answers, TOO_LATE, {}))
        else:
            document = check_answers(registry, answers)
            _write(store, course, answers, document)
            raise_flags(store, course, answers, document["values"])
            store.log_access(_access(course, answers), *_misfits(course, answers))
        course.form_status = registry.with_state(course.form_status, answers.form, FormState.FINALISED)
        store.keep_told(answers.course_id, answers.form, Told(order_id=answers.order_id, state=PatientFormState.STORED))
        store.emit(PatientFormStored(course_id=course.course_id, order_id=answers.order_id, form=answers.form))


def note_refused(answers: Answers, code: str, *, uow: UnitOfWork[Store]) -> None:
    """Show those who treat that answers have come and cannot be taken; eprom keeps them."""
    with uow() as store:
        course, told = store.find_course(answers.course_id), store.told_of(answers.course_id, answers.form)
        if course is None or course.pid != answers.pid or told is None or told.order_id != answers.order_id:
            return
        store.keep_told(answers.course_id, answers.form, replace(told, code=code))
        store.log_access(_aside(course, answers, REFUSED, {}))


def _is_stored(store: Store, answers: Answers) -> bool:
    told = store.told_of(answers.course_id, answers.form)
    return told is not None and told.order_id == answers.order_id and told.state is PatientFormState.STORED


def _has_paper(store: Store, answers: Answers) -> bool:
    """A form that was entered from paper and locked stays as it is; one locked because nobody answered does not."""
    row = store.form(answers.course_id, answers.form)
    return row is not None and row.state == FormState.FINALISED and row.finalised_by != SYSTEM


def _write(store: Store, course: CourseRow, answers: Answers, document: dict[str, Any]) -> None:
    row = store.form(answers.course_id, answers.form)
    if row is None:
        row = FormRow(course_id=answers.course_id, form=answers.form, revision=0, comment="")
        store.session.add(row)
    row.definition_version = answers.definition_version
    row.document = document
    row.state = FormState.FINALISED
    row.revision += 1
    row.saved_at, row.saved_by = store.now, answers.filled_out_by
    row.finalised_at, row.finalised_by = answers.answered_at, answers.filled_out_by
    store.session.flush()
    store.write_typed(course.registry_key, row)


def _misfits(course: CourseRow, answers: Answers) -> list[Access]:
    """What was not taken into the form, for its history."""
    told = [[one.field, one.value, one.warning] for one in answers.misfits]
    return [_aside(course, answers, SET_ASIDE, {MISFITS: [None, told]})] if told else []


def _aside(course: CourseRow, answers: Answers, action: str, change: Mapping[str, Any]) -> Access:
    return Access.by_system(
        SYSTEM,
        organisation=course.organisation,
        registry=course.registry_key,
        pid=course.pid,
        action=action,
        object=f"form:{course.course_id}/{answers.form}",
        reason="patient_form",
        change=change,
    )


def _access(course: CourseRow, answers: Answers) -> Access:
    return Access(
        actor=answers.filled_out_by,
        role=answers.filled_out_by,
        organisation=course.organisation,
        registry=course.registry_key,
        pid=course.pid,
        action="write",
        object=f"form:{course.course_id}/{answers.form}",
        reason="patient_form",
    )
