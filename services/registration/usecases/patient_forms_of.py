"""A course whose patient forms somebody acts on, and what the log says of the act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.written_form import access_of
from shared.audit.log import Access
from shared.forms.catalogue import registry
from shared.forms.registry_rules import MessageSchedule


def seen_course(store: Store, at: CourseAt) -> CourseRow:
    """The course, locked for change; raises NotFound for one the user does not see."""
    course = store.course(at.course_id)
    if not at.sees(course):
        raise NotFound
    return course


def schedule_of(course: CourseRow) -> MessageSchedule:
    """How the registry asks its patients; raises NotFound for one that asks none."""
    schedule = registry(course.registry_key).rules.messages
    if schedule is None:
        raise NotFound
    return schedule


def one_of(reason: int | None, reasons: tuple[int | str, ...]) -> int:
    """The reason, when it is among those the registry knows; raises RuleBroken."""
    if reason is None or reason not in reasons:
        raise RuleBroken("choose_reason")
    return reason


def act_of(course: CourseRow, at: CourseAt, action: str, change: Mapping[str, Any]) -> Access:
    """An entry of the log about the patient forms of a course."""
    entry = access_of(course, "", at.by, action, change)
    return entry._replace(object=f"patient_forms:{course.course_id}")
