"""The way from one form of a course to the next."""

from __future__ import annotations

from sqlalchemy import select

from services.registration.domain.form_state import FormState
from services.registration.domain.registry import Registry
from services.registration.queries.scope import within
from services.registration.store.tables import CourseRow
from shared.auth.principal import Principal
from shared.db.database import Database

_OPEN = frozenset({FormState.NEW, FormState.IN_PROGRESS})


def next_form(course_id: int, after: str, *, by: Principal, registry: Registry, database: Database) -> str | None:
    """The next form of the course that clinicians have yet to finish; None after the last one."""
    query = within(select(CourseRow).where(CourseRow.course_id == course_id), registry, by)
    with database.reading() as session:
        course = session.scalar(query)
        states = registry.shown_states(course.form_status, course.course_type) if course else {}
    keys = [form.key for form in registry.forms if not form.is_patient or form.key == after]
    return next((key for key in keys[keys.index(after) + 1 :] if states.get(key) in _OPEN), None)
