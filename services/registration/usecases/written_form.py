"""A form that is written, whatever the occasion: kept in the state it has, and told in the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.domain.change_log import BY, CONFIRMED
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FormRow
from services.registration.usecases.course_forms import OpenForm
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.forms.changes import changes
from shared.forms.filled import Filled


def keep_as_it_is(store: Store, course: CourseRow, opened: OpenForm, filled: Filled, *, by: str) -> FormRow:
    """Write a form in the state it has."""
    before = store.form(course.course_id, opened.form.key)
    row = FormRow(
        course_id=course.course_id,
        form=opened.form.key,
        definition_version=opened.form.version,
        document=filled.kept(),
        state=opened.state,
        revision=opened.revision + 1,
        saved_at=store.now,
        saved_by=by,
        finalised_at=before.finalised_at if before else None,
        finalised_by=before.finalised_by if before else None,
    )
    store.keep_form(course.registry_key, row, filled.standing_stored)
    return row


def told_of(opened: OpenForm, row: FormRow) -> dict[str, Any]:
    """What was answered, old and new; of what the system worked out it says so, and what was confirmed as unusual."""
    log = changes(opened.document, row.document)
    told = {one.place: [one.old, one.new, *(["system"] if one.by_system else [])] for one in log}
    before, after = opened.document.get("confirmed", []), row.document.get("confirmed", [])
    return {**told, CONFIRMED: [before, after]} if before != after else told


def access_of(course: CourseRow, form: str, by: Principal, action: str, change: Mapping[str, Any]) -> Access:
    """An entry of the log about a form of a course."""
    return Access.by(
        by,
        registry=course.registry_key,
        pid=course.pid,
        action=action,
        object=f"form:{course.course_id}/{form}",
        reason="care",
        change={**change, **({BY: by.name} if by.name else {})},
    )
