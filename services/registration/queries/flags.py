"""Flags that nobody has acknowledged. They name a course, never a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from services.registration.domain.flag import ACKNOWLEDGERS, is_overdue
from services.registration.domain.registry import Registry
from services.registration.queries.scope import within
from services.registration.store.tables import CourseRow, FlagRow
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.forms import catalogue
from shared.forms.flag_rules import FlagRule

_FLAG, _COURSE = FlagRow.__table__.c, CourseRow.__table__.c
_OPEN = (
    select(_FLAG.flag_id, _FLAG.course_id, _FLAG.form, _FLAG.rule, _FLAG.raised_at)
    .join(CourseRow.__table__, _COURSE.course_id == _FLAG.course_id)
    .where(_FLAG.acknowledged_at.is_(None))
    .order_by(_FLAG.raised_at, _FLAG.flag_id)
)
MOST = 50


@dataclass(frozen=True, kw_only=True)
class OpenFlag:
    """One flag; `rule` is None for one that the registry has no rule for any more."""

    flag_id: int
    course_id: int
    form: str
    raised_at: datetime
    rule: FlagRule | None
    is_overdue: bool


def open_flags(
    *, by: Principal, registry: Registry, now: datetime, database: Database, course_id: int | None = None
) -> Sequence[OpenFlag]:
    """Those of the user's hospitals, or of one course, the oldest first; only who treats patients has any."""
    if by.role not in ACKNOWLEDGERS:
        return []
    query = within(_OPEN, registry, by)
    if course_id is not None:
        query = query.where(_FLAG.course_id == course_id)
    rules: Mapping[str, FlagRule] = {rule.key: rule for rule in catalogue.registry(registry.key).rules.flags}
    with database.reading() as session:
        rows = session.execute(query.limit(MOST)).all()
    return [
        OpenFlag(
            flag_id=row.flag_id,
            course_id=row.course_id,
            form=row.form,
            raised_at=row.raised_at,
            rule=rules.get(row.rule),
            is_overdue=is_overdue(row.raised_at, now),
        )
        for row in rows
    ]
