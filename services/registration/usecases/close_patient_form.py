"""Lock a patient form that nobody will answer, with the reason in it; and open it again when it is ordered anew."""

from __future__ import annotations

from typing import Any

from services.registration.domain.form_state import FormState
from services.registration.domain.patient_form import REASON, SYSTEM
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FormRow
from services.registration.usecases.written_form import access_of
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.forms.catalogue import registry
from shared.forms.compiled import CompiledForm
from shared.scheduling.clock import oslo


def close_patient_form(store: Store, course: CourseRow, key: str, reason: int, *, by: Principal | None = None) -> bool:
    """Lock the form with what the registry writes into one that ended so; False when somebody has filled it in.

    `by` is the clinician who gives the reason; without one it is the system.
    """
    row = store.form(course.course_id, key)
    if row is not None and row.state != FormState.NEW:
        return row.finalised_by == SYSTEM
    known = registry(course.registry_key)
    form = known.form(key, row.definition_version) if row else known.form_on(key, course.definitions_on)
    row = _write(store, course, form, unanswered(form, reason))
    row.finalised_at, row.finalised_by = store.now, SYSTEM
    if by is not None:
        row.saved_by = by.actor
    _set_state(store, course, row, FormState.FINALISED, by)
    return True


def open_patient_form(store: Store, course: CourseRow, key: str) -> None:
    """Empty a form that was locked because nobody answered; any other stays as it is."""
    row = store.form(course.course_id, key)
    if row is None or row.finalised_by != SYSTEM:
        return
    row = _write(store, course, registry(course.registry_key).form(key, row.definition_version), {})
    row.finalised_at = row.finalised_by = None
    _set_state(store, course, row, FormState.NEW)


def unanswered(form: CompiledForm, reason: int) -> dict[str, Any]:
    """What the registry writes into a form that nobody answered; a version without the reason's code leaves it out."""
    told = form.rules.patient_form_end.get("closed", {})
    questions = {name: form.questions[name] for name in told if name in form.questions}
    fixed = {name: told[name] for name in questions if told[name] != REASON}
    return fixed | {
        name: reason for name, question in questions.items() if name not in fixed and question.option(reason)
    }


def _write(store: Store, course: CourseRow, form: CompiledForm, answers: dict[str, Any]) -> FormRow:
    row = store.form(course.course_id, form.key)
    if row is None:
        row = FormRow(course_id=course.course_id, form=form.key, revision=0, comment="")
        store.session.add(row)
    row.definition_version = form.version
    row.document = form.kept(form.new(answers), {"today": oslo(store.now).date()})
    row.revision += 1
    row.saved_at, row.saved_by = store.now, SYSTEM
    return row


def _set_state(store: Store, course: CourseRow, row: FormRow, state: FormState, by: Principal | None = None) -> None:
    row.state = state
    digits, place = list(course.form_status), registry(course.registry_key).form_keys.index(row.form)
    course.form_status = "".join([*digits[:place], str(int(state)), *digits[place + 1 :]])
    store.session.flush()
    store.write_typed(course.registry_key, row)
    store.log_access(access_of(course, row.form, by, "finalise", {}) if by else _by_system(course, row.form))


def _by_system(course: CourseRow, form: str) -> Access:
    return Access.by_system(
        SYSTEM,
        organisation=course.organisation,
        registry=course.registry_key,
        pid=course.pid,
        action="write",
        object=f"form:{course.course_id}/{form}",
        reason="patient_form",
    )
