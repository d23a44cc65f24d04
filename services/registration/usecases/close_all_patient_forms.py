"""Give all patient forms of a course one reason for not being answered, and lock them."""

from __future__ import annotations

from services.registration.domain.patient_orders import check_close_all
from services.registration.store.patient_forms import read_patient_forms
from services.registration.store.store import Store
from services.registration.usecases.close_patient_form import close_patient_form
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.patient_forms_of import act_of, one_of, schedule_of, seen_course
from services.registration.usecases.stop_patient_forms import end_orders
from shared.outbox.unit_of_work import UnitOfWork


def close_all_patient_forms(at: CourseAt, *, reason: int | None, uow: UnitOfWork[Store]) -> None:
    """Lock every form that nobody has begun; an answer already under way from the patient still takes its place."""
    with uow() as store:
        course = seen_course(store, at)
        given = one_of(reason, schedule_of(course).close_all_reasons)
        course_forms = read_patient_forms(store.session, course)
        check_close_all(course_forms)
        for form in course_forms.open_forms:
            close_patient_form(store, course, form.key, given, by=at.by)
        end_orders(store, course, course_forms, given)
        store.log_access(act_of(course, at, "close_all", {"reason": [None, given]}))
