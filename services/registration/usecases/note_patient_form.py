"""Note what eprom tells about a patient form."""

from __future__ import annotations

from services.registration.domain.patient_form import PatientFormState, Told, after
from services.registration.store.store import Store
from services.registration.usecases.close_patient_form import close_patient_form, open_patient_form
from shared.outbox.unit_of_work import UnitOfWork

FETCH_JOB = "fetch_answers"


def note_patient_form(course_id: int, form: str, told: Told, *, uow: UnitOfWork[Store]) -> None:
    """Keep the newest state, and lock a form that will not be answered.

    A course that is gone, news of an order replaced, and the end of an order for what is on paper are passed over.
    """
    with uow() as store:
        course = store.find_course(course_id)
        if course is None:
            return
        news = after(store.told_of(course_id, form), told)
        if news is None:
            return
        reason = news.reason_of_end
        if reason is not None and not close_patient_form(store, course, form, reason):
            return
        store.keep_told(course_id, form, news)
        if news.state is PatientFormState.ORDERED:
            open_patient_form(store, course, form)
        if news.state is PatientFormState.ANSWERED:
            store.enqueue(FETCH_JOB, key=f"fetch:{news.order_id}", order_id=news.order_id)
