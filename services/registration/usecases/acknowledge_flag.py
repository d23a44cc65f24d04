"""Acknowledge a flag: a named clinician has looked, and says what comes of it."""

from __future__ import annotations

from services.registration.domain.errors import NotFound
from services.registration.domain.flag import ACKNOWLEDGED, acknowledgement
from services.registration.store.store import Store
from services.registration.store.tables import FlagRow
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.patient_forms_of import seen_course
from services.registration.usecases.written_form import access_of
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today


def acknowledge_flag(at: CourseAt, flag_id: int, *, note: str, uow: UnitOfWork[Store]) -> None:
    """Keep who has looked, when, and the note; the log tells of the act and the rule."""
    with uow() as store:
        course = seen_course(store, at)
        flag = store.session.get(FlagRow, flag_id)
        if flag is None or flag.course_id != course.course_id:
            raise NotFound
        is_open = flag.acknowledged_at is None
        flag.note = acknowledgement(note, role=at.by.role, is_open=is_open, today=today(uow.clock))
        flag.acknowledged_at, flag.acknowledged_by = store.now, at.by.actor
        entry = access_of(course, "", at.by, ACKNOWLEDGED, {"rule": [None, flag.rule], "note": [False, True]})
        store.log_access(entry._replace(object=f"flag:{course.course_id}/{flag_id}"))
