"""Keep the internal comment of a form: with the form, and nowhere else; the log tells only that it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from services.registration.domain.change_log import COMMENT
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FormRow


def keep_comment(store: Store, course: CourseRow, form: str, before: str, after: str) -> Mapping[str, Any]:
    """Write the comment of a form that is stored, mark the course, and return what the log says of it."""
    if before == after:
        return {}
    others = select(FormRow.form).where(
        FormRow.course_id == course.course_id, FormRow.form != form, FormRow.comment != ""
    )
    session = store.session
    session.execute(
        update(FormRow).where(FormRow.course_id == course.course_id, FormRow.form == form).values(comment=after),
        execution_options={"synchronize_session": False},
    )
    course.has_comment = bool(after) or session.scalar(others.limit(1)) is not None
    return {COMMENT: [bool(before), bool(after)]}
