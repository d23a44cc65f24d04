"""What answers decide about their course: type, inclusion, basis, consent, places; and telling it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.registration.domain.course import LegalBasis, placing_of
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.course_forms import OpenForm
from shared.contracts.registration import ConsentRecorded, InclusionDecided


def follow_answers(store: Store, course: CourseRow, opened: OpenForm, values: Mapping[str, Any]) -> None:
    """Bring the course up to what the values of one of its forms now say; `values` are those that count."""
    for name, place in opened.registry.rules.course.items():
        if place.form == opened.form.key:
            _take(course, name, values.get(place.question))
    rules = opened.registry.rules
    if rules.inclusion and rules.inclusion.form == opened.form.key:
        _decide(store, course, opened, values)


def _take(course: CourseRow, name: str, value: Any) -> None:
    if name == "started_on" and value:
        _keep(course, started_on=date.fromisoformat(value))
    elif name == "location":
        _keep(course, location_id=value)
    elif name == "ward":
        _keep(course, ward_id=value)


def _keep(course: CourseRow, **values: Any) -> None:
    """Set only what is another value: a course that stays as it was costs no look at what is to be written."""
    for name, value in values.items():
        if getattr(course, name) != value:
            setattr(course, name, value)


def _decide(store: Store, course: CourseRow, opened: OpenForm, values: Mapping[str, Any]) -> None:
    before = _decided(course)
    _keep(
        course,
        is_included=opened.registry.is_included(values),
        course_type=opened.registry.course_type(values),
        basis=LegalBasis(opened.registry.basis_on(course.started_on)),
    )
    _take_consent(store, course, opened, values)
    basis, has_consented = LegalBasis(course.basis), course.has_consented
    _keep(course, placement=placing_of(is_included=course.is_included, basis=basis, has_consented=has_consented))
    if _decided(course) != before:
        store.emit(inclusion_of(course))


def inclusion_of(course: CourseRow) -> InclusionDecided:
    """What the others hear of a course: whether it is included, on what basis, and its type."""
    return InclusionDecided(
        course_id=course.course_id,
        pid=course.pid,
        registry=course.registry_key,
        organisation=course.organisation,
        included=course.is_included,
        basis=course.basis,
        course_type=course.course_type,
    )


def _decided(course: CourseRow) -> tuple[Any, ...]:
    return course.is_included, course.basis, course.course_type


def _take_consent(store: Store, course: CourseRow, opened: OpenForm, values: Mapping[str, Any]) -> None:
    rule = opened.registry.rules.consent
    if rule is None:
        return
    answer, reason, day = values.get(rule.question), values.get(rule.reason), values.get(rule.date)
    consented = None if answer is None else answer == 1
    if (consented, reason) == (course.has_consented, course.consent_reason):
        return
    course.has_consented, course.consent_reason = consented, reason
    store.emit(
        ConsentRecorded(
            course_id=course.course_id,
            pid=course.pid,
            registry=course.registry_key,
            organisation=course.organisation,
            consented=consented,
            reason=reason,
            consented_on=date.fromisoformat(day) if day else None,
        )
    )
