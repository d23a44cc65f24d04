"""Move a course to newer definitions, by a coordinator's choice and after a look at what changes; it is logged.

Locked forms are not touched: whoever wants to move a course opens them first, and finalises them anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_at import CourseAt, Kept
from services.registration.usecases.course_forms import OpenForm, read_form
from services.registration.usecases.follow_answers import follow_answers
from services.registration.usecases.written_form import access_of, keep_as_it_is, told_of
from shared.auth.principal import Role
from shared.contracts.registration import CourseMoved
from shared.forms.catalogue import registry
from shared.forms.compiled import CompiledForm
from shared.forms.filled import Filled
from shared.forms.versions import Moved
from shared.scheduling.clock import today

MOVERS = frozenset({Role.LC, Role.SC})


@dataclass(frozen=True, kw_only=True)
class MovedForm:
    """What becomes of one written form.

    `moved` are answers that are told otherwise or have no place any longer, `silent` the questions whose answers stay
    but do not count until another one is answered, `missing` how many answers are then needed before it can be locked.
    """

    form: str
    first: int
    second: int
    moved: tuple[Moved, ...]
    silent: tuple[str, ...]
    missing: int


def preview_move(at: CourseAt, kept: Kept) -> Sequence[MovedForm]:
    """What moving the course to the definitions in force today would change; nothing is written."""
    day = today(kept.uow.clock)
    with kept.uow.reading() as store:
        course = _movable(store, store.course_as_it_stands(at.course_id), at)
        return [told for told, _, _ in _moves(store, course, kept, day)]


def move_course(at: CourseAt, *, kept: Kept) -> Sequence[MovedForm]:
    """Write every form of the course anew by the definitions in force today, and keep to them from now on."""
    day = today(kept.uow.clock)
    found = []
    with kept.uow() as store:
        course = _movable(store, store.course_to_keep(at.course_id), at)
        before = course.definitions_on
        if before == day:
            return []
        course.definitions_on = day
        for told, opened, filled in _moves(store, course, kept, day):
            row = keep_as_it_is(store, course, opened, filled, by=at.by.actor)
            follow_answers(store, course, opened, filled.values)
            store.log_access(access_of(course, told.form, at.by, "write", told_of(opened, row)))
            found.append(told)
        store.keep_course(course)
        store.emit(_moved_event(course))
        days = {"definitions_on": [before.isoformat(), day.isoformat()]}
        store.log_access(access_of(course, "", at.by, "move", days)._replace(object=f"course:{course.course_id}"))
    return found


def _movable(store: Store, course: CourseRow, at: CourseAt) -> CourseRow:
    if not at.sees(course) or at.by.role not in MOVERS:
        raise NotFound
    if any(row.state == FormState.FINALISED for row in store.documents_of(course.course_id).values()):
        raise RuleBroken("form_is_locked")
    return course


def _moves(store: Store, course: CourseRow, kept: Kept, day: date) -> Iterator[tuple[MovedForm, OpenForm, Filled]]:
    """Form by form, the consent's first, since others repeat it; each is read after the one before was written."""
    consent = registry(course.registry_key).rules.consent
    for key in sorted(store.documents_of(course.course_id), key=lambda one: consent is None or one != consent.form):
        opened = read_form(store, course, key, kept.persons, day)
        newest = opened.registry.form_on(key, day)
        if newest.version > opened.form.version:
            yield _move(opened, newest)


def _move(opened: OpenForm, newest: CompiledForm) -> tuple[MovedForm, OpenForm, Filled]:
    document, moved = opened.registry.moved(opened.document, newest)
    before = opened.form.filled(opened.document, opened.context).values
    filled = newest.filled(document, opened.context)
    gone = {one.path.partition(".")[0] for one in moved}
    told = MovedForm(
        form=newest.key,
        first=opened.form.version,
        second=newest.version,
        moved=moved,
        silent=tuple(key for key in before if key not in filled.values and key not in gone),
        missing=len(filled.complete()),
    )
    return told, replace(opened, form=newest), filled


def _moved_event(course: CourseRow) -> CourseMoved:
    return CourseMoved(
        course_id=course.course_id,
        pid=course.pid,
        registry=course.registry_key,
        organisation=course.organisation,
        definitions_on=course.definitions_on,
    )
