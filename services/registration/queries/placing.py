"""Why a course counts where it counts."""

from __future__ import annotations

from dataclasses import dataclass

from services.registration.domain.course import LocalReason, local_reason
from services.registration.store.tables import CourseRow, FormRow
from shared.db.database import Database
from shared.forms import catalogue


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Why a course counts locally alone, if it does; whether its consent may be withdrawn, and it may be moved.

    A course is moved to newer definitions than those it keeps.
    """

    reason: LocalReason | None
    has_consent: bool
    has_newer: bool


def placing(course_id: int, *, database: Database) -> Placed:
    """What is said beside the placing of a course; the caller has shown that the user may see it."""
    with database.reading() as session:
        course = session.get_one(CourseRow, course_id)
        known = catalogue.registry(course.registry_key)
        rule = known.rules.consent
        row = session.get(FormRow, (course_id, rule.form)) if rule else None
    values = row.document.get("values", {}) if row else {}
    return Placed(
        reason=local_reason(
            course_type=course.course_type,
            is_included=course.is_included,
            basis=course.basis,
            has_consented=course.has_consented,
            is_withdrawn=bool(rule and values.get(rule.withdrawn_date or "")),
        ),
        has_consent=course.basis == "consent" and course.has_consented is True,
        has_newer=any(known.form_on(key, course.definitions_on) is not known.form(key) for key in known.form_keys),
    )
