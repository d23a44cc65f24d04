"""How many answers each form of a course still lacks."""

from __future__ import annotations

from collections.abc import Iterable

from services.registration.domain.errors import NotFound
from services.registration.usecases.course_at import CourseAt, Kept
from services.registration.usecases.course_forms import read_form
from services.registration.usecases.missing_contact import complete
from shared.scheduling.clock import today


def missing_answers(at: CourseAt, forms: Iterable[str], kept: Kept) -> dict[str, int]:
    """The number of answers that keep each of these forms from being finalised."""
    with kept.uow.reading() as store:
        course = store.course_as_it_stands(at.course_id)
        if not at.sees(course):
            raise NotFound
        day = today(kept.uow.clock)
        opened = [read_form(store, course, form, kept.persons, day) for form in forms]
    return {one.form.key: len(complete(one)) for one in opened}
