"""Stop the sending of patient forms, with a reason: what is ordered waits no more, what is sent is called back."""

from __future__ import annotations

from services.registration.domain.patient_form import NOT_ORDERED, PatientFormState, Told
from services.registration.domain.patient_orders import PatientForm, PatientForms, check_stop
from services.registration.store.patient_forms import read_patient_forms
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.patient_forms_of import act_of, one_of, schedule_of, seen_course
from shared.contracts.registration import PromStopped
from shared.outbox.unit_of_work import UnitOfWork


def stop_patient_forms(at: CourseAt, *, reason: int | None, uow: UnitOfWork[Store]) -> None:
    """Let nothing more be sent by itself; eprom tells later of each order that has ended, or was answered before."""
    with uow() as store:
        course = seen_course(store, at)
        given, course_forms = (
            one_of(reason, schedule_of(course).stop_reasons),
            read_patient_forms(store.session, course),
        )
        check_stop(course_forms)
        end_orders(store, course, course_forms, given)
        store.log_access(act_of(course, at, "stop", {"reason": [None, given]}))


def end_orders(store: Store, course: CourseRow, course_forms: PatientForms, reason: int) -> None:
    """Note that the forms which nobody has answered will not be, and tell eprom."""
    for form in course_forms.open_forms:
        store.keep_told(course.course_id, form.key, _stopped(form, reason))
    store.emit(PromStopped(course_id=course.course_id, pid=course.pid, reason=reason))


def _stopped(form: PatientForm, reason: int) -> Told:
    order_id, channel = (form.told.order_id, form.told.channel) if form.told else (NOT_ORDERED, None)
    return Told(order_id=order_id, state=PatientFormState.STOPPED, channel=channel, reason=reason)
