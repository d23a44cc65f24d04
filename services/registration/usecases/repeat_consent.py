"""Forms that repeat the consent keep it as it is now, locked or not."""

from __future__ import annotations

from datetime import date

from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_forms import OpenForm, read_form
from services.registration.usecases.written_form import access_of, keep_as_it_is, told_of
from shared.auth.principal import Principal

_CONSENT = "context.consent"


def repeat_consent(
    store: Store, course: CourseRow, source: str, *, by: Principal, persons: PersonStore, day: date
) -> None:
    """Write the other forms of the course anew that show what `source` says of the consent."""
    for key, written in store.documents_of(course.course_id).items():
        if key == source or not written.document:
            continue
        opened = read_form(store, course, key, persons, day)
        filled = opened.form.filled(opened.document, opened.context)
        if _repeats(opened) and filled.kept()["values"] != opened.document.get("values"):
            row = keep_as_it_is(store, course, opened, filled, by=by.actor)
            store.log_access(access_of(course, key, by, "write", told_of(opened, row)))


def _repeats(opened: OpenForm) -> bool:
    made = (question.calculate for question in opened.form.questions.values())
    return any(one and _CONSENT in map(str, one.arguments.values()) for one in made)
