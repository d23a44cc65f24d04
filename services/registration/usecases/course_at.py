"""Of which course or form somebody asks, and where both are kept."""

from __future__ import annotations

from dataclasses import dataclass

from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CourseAt:
    """Which course, and by whom; `seen` are the organisations whose courses they see, None for all."""

    course_id: int
    by: Principal
    seen: frozenset[int] | None

    def sees(self, course: CourseRow) -> bool:
        """Whether the course is one of theirs."""
        return course.registry_key == self.by.registry and (self.seen is None or course.organisation in self.seen)


@dataclass(frozen=True, kw_only=True)
class FormAt(CourseAt):
    """Which form of it."""

    form: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Where courses, forms and persons are kept."""

    persons: PersonStore
    uow: UnitOfWork[Store]
