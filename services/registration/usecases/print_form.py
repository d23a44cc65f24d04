"""A form of a course for printing: read with its log entry, with the person's name only when that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.course_forms import OpenForm, read_form
from shared.audit.log import Access
from shared.scheduling.clock import today


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What a print is made from; `name` and `number` are empty when nobody asked for them."""

    opened: OpenForm
    pid: int
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)


def print_form(at: FormAt, *, is_open: bool, with_identity: bool, kept: Kept) -> Printed:
    """The form as it stands, after the log was written; NotFound for a course the user does not see."""
    if not is_open:
        raise RuleBroken("form_is_closed")
    with kept.uow() as store:
        course = store.course_as_it_stands(at.course_id)
        if not at.sees(course):
            raise NotFound
        opened = read_form(store, course, at.form, kept.persons, today(kept.uow.clock))
        store.log_access(_access(course, at, with_identity=with_identity))
        pid = course.pid
    facts = kept.persons.read(pid) if with_identity else None
    return Printed(opened=opened, pid=pid, name=facts.name if facts else "", number=facts.number if facts else "")


def _access(course: CourseRow, at: FormAt, *, with_identity: bool) -> Access:
    return Access.by(
        at.by,
        registry=course.registry_key,
        pid=course.pid,
        action="export",
        object=f"print:{course.course_id}/{at.form}",
        reason="print with name and number" if with_identity else "print without name",
    )
