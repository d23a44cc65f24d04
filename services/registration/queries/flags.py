"""Flags: those that wait, those that a clinician has acknowledged, and how many there are of both.

They name a course, never a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from services.registration.domain.change_log import BY
from services.registration.domain.flag import ACKNOWLEDGED, ACKNOWLEDGERS, MAY_WAIT, is_overdue
from services.registration.domain.registry import Registry
from services.registration.queries.course_lines import accesses
from services.registration.queries.scope import within
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow, FlagRow
from shared.audit.tables import AuditTables
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.forms import catalogue
from shared.forms.flag_rules import FlagRule
from shared.outbox.unit_of_work import UnitOfWork

_FLAG, _COURSE = FlagRow.__table__.c, CourseRow.__table__.c
_FACTS = (_FLAG.flag_id, _FLAG.course_id, _FLAG.form, _FLAG.rule, _FLAG.raised_at)
_OPEN = (
    select(*_FACTS)
    .join(CourseRow.__table__, _COURSE.course_id == _FLAG.course_id)
    .where(_FLAG.acknowledged_at.is_(None))
    .order_by(_FLAG.raised_at, _FLAG.flag_id)
)
_SEEN = (
    select(*_FACTS, _FLAG.acknowledged_at, _FLAG.acknowledged_by, _FLAG.note, _COURSE.pid)
    .join(CourseRow.__table__, _COURSE.course_id == _FLAG.course_id)
    .where(_FLAG.acknowledged_at.is_not(None))
    .order_by(_FLAG.acknowledged_at.desc(), _FLAG.flag_id.desc())
)
MOST = 50


@dataclass(frozen=True, kw_only=True)
class Flag:
    """One flag; `rule` is None for one that the registry has no rule for any more."""

    flag_id: int
    course_id: int
    form: str
    raised_at: datetime
    rule: FlagRule | None


@dataclass(frozen=True, kw_only=True)
class OpenFlag(Flag):
    """A flag that nobody has acknowledged."""

    is_overdue: bool


@dataclass(frozen=True, kw_only=True)
class SeenFlag(Flag):
    """A flag that somebody has acknowledged; `name` is that of the user at that time, as far as it was told."""

    seen_at: datetime
    actor: str
    name: str
    note: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SeenPage:
    """One page of them, the newest first."""

    flags: Sequence[SeenFlag]
    number: int
    has_next: bool


@dataclass(frozen=True, kw_only=True)
class FlagNumbers:
    """How many flags of one hospital wait, how many of those for a day or more, and how many are acknowledged."""

    organisation: int
    waiting: int
    overdue: int
    seen: int


def open_flags(
    *, by: Principal, registry: Registry, now: datetime, database: Database, course_id: int | None = None
) -> Sequence[OpenFlag]:
    """Those of the user's hospitals, or of one course, the oldest first; only who treats patients has any."""
    if by.role not in ACKNOWLEDGERS:
        return []
    query = _of(course_id, within(_OPEN, registry, by))
    with database.reading() as session:
        rows = session.execute(query.limit(MOST)).all()
    rules = _rules(registry)
    return [OpenFlag(**_facts(row, rules), is_overdue=is_overdue(row.raised_at, now)) for row in rows]


def seen_flags(*, by: Principal, registry: Registry, number: int, uow: UnitOfWork[Store]) -> SeenPage:
    """A page of those of the user's hospitals with their notes; whose they are is in the access log."""
    if by.role not in ACKNOWLEDGERS:
        return SeenPage(flags=[], number=number, has_next=False)
    query = within(_SEEN, registry, by).limit(MOST + 1).offset((number - 1) * MOST)
    with uow() as store:
        rows = store.session.execute(query).all()
        found = _seen(store.session, rows[:MOST], registry, uow.kit.audit)
        pids = [row.pid for row in rows[:MOST]]
        store.log_access(*accesses(pids, what="flags", reason="care", registry=registry, by=by))
    return SeenPage(flags=found, number=number, has_next=len(rows) > MOST)


def seen_flags_of(course_id: int, *, by: Principal, registry: Registry, uow: UnitOfWork[Store]) -> Sequence[SeenFlag]:
    """Those of one course, which the caller has logged; only who treats patients reads the notes."""
    if by.role not in ACKNOWLEDGERS:
        return []
    with uow.database.reading() as session:
        rows = session.execute(_of(course_id, within(_SEEN, registry, by))).all()
        return _seen(session, rows, registry, uow.kit.audit)


def flag_numbers(*, by: Principal, registry: Registry, now: datetime, database: Database) -> Sequence[FlagNumbers]:
    """The numbers of the hospitals the user sees, in the registry's order; nothing tells what a flag is about."""
    is_open = _FLAG.acknowledged_at.is_(None)
    waits = is_open & (_FLAG.raised_at <= now - MAY_WAIT)
    counts = [func.count(case((which, 1))) for which in (is_open, waits, ~is_open)]
    query = select(_COURSE.organisation, *counts).join(FlagRow.__table__, _COURSE.course_id == _FLAG.course_id)
    with database.reading() as session:
        rows = session.execute(within(query, registry, by).group_by(_COURSE.organisation)).all()
    found = {row[0]: FlagNumbers(organisation=row[0], waiting=row[1], overdue=row[2], seen=row[3]) for row in rows}
    return [found[one] for one in dict.fromkeys([*registry.organisations, *sorted(found)]) if one in found]


def _of(course_id: int | None, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query if course_id is None else query.where(_FLAG.course_id == course_id)


def _rules(registry: Registry) -> Mapping[str, FlagRule]:
    return {rule.key: rule for rule in catalogue.registry(registry.key).rules.flags}


def _facts(row: Any, rules: Mapping[str, FlagRule]) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("flag_id", "course_id", "form", "raised_at")}
    return {**plain, "rule": rules.get(row.rule)}


def _seen(session: Session, rows: Sequence[Any], registry: Registry, audit: AuditTables) -> Sequence[SeenFlag]:
    rules, names = _rules(registry), _names(session, rows, audit)
    return [
        SeenFlag(
            **_facts(row, rules),
            seen_at=row.acknowledged_at,
            actor=row.acknowledged_by,
            name=names.get(row.flag_id, ""),
            note=row.note,
        )
        for row in rows
    ]


def _names(session: Session, rows: Sequence[Any], audit: AuditTables) -> Mapping[int, str]:
    """The names of those who acknowledged, from the change log; found by its index of persons."""
    log, flags = audit.log.c, {f"flag:{row.course_id}/{row.flag_id}": row.flag_id for row in rows}
    query = select(log.object, log.change).where(
        log.pid.in_({row.pid for row in rows}), log.action == ACKNOWLEDGED, log.object.in_(flags)
    )
    return {flags[name]: (change or {}).get(BY, "") for name, change in session.execute(query)}
