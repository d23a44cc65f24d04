"""One person with all courses that the user may see, and one course with its forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from services.registration.domain.errors import NotFound
from services.registration.domain.registry import Registry
from services.registration.queries.course_lines import CourseLine, Person, accesses, lines_of, person_of
from services.registration.queries.scope import within
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """What the page of a person shows. A protected address is not in the person store."""

    person: Person
    birth_on: date | None = field(repr=False)
    died_on: date | None = field(repr=False)
    address: str = field(repr=False)
    protection: str
    courses: Sequence[CourseLine]


def person_page(
    pid: int,
    *,
    by: Principal,
    registry: Registry,
    persons: PersonStore,
    uow: UnitOfWork[Store],
    course_id: int | None = None,
) -> PersonPage:
    """The person and the courses, newest first, or only one of them; NotFound for a person of others alone."""
    with uow() as store:
        rows = _courses(store, pid, course_id, registry, by)
        if not rows:
            raise NotFound
        courses = lines_of(store.session, rows, registry)
        what = "person" if course_id is None else f"course:{course_id}"
        store.log_access(*accesses([pid], what=what, reason="care", registry=registry, by=by))
    facts = persons.read(pid)
    return PersonPage(
        person=person_of(pid, facts, today(uow.clock)),
        birth_on=facts.birth_on,
        died_on=facts.died_on,
        address=facts.address,
        protection=facts.protection,
        courses=courses,
    )


def _courses(store: Store, pid: int, course_id: int | None, registry: Registry, by: Principal) -> Sequence[CourseRow]:
    query = within(select(CourseRow).where(CourseRow.pid == pid), registry, by)
    if course_id is not None:
        query = query.where(CourseRow.course_id == course_id)
    return store.session.scalars(query.order_by(CourseRow.started_on.desc(), CourseRow.course_id.desc())).all()


def pid_of_course(course_id: int, *, by: Principal, registry: Registry, uow: UnitOfWork[Store]) -> int:
    """The PID of a course; NotFound for one the user may not see."""
    with uow.database.reading() as session:
        query = within(select(CourseRow).where(CourseRow.course_id == course_id), registry, by)
        row = session.scalar(query)
        if row is None:
            raise NotFound
        return row.pid
