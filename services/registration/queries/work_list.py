"""The work list: active courses of the user's organisations, a page at a time, in the order asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Tuple, and_, case, func, or_, select, tuple_

from services.registration.domain.form_state import FormState
from services.registration.domain.registry import Registry
from services.registration.queries.course_lines import COURSE, LISTED, CourseLine, Person, accesses, lines_of, person_of
from services.registration.queries.scope import within
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import PlaceRow
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today

REASON = "work_list"
# A consent that is not answered comes after the answered ones.
_CONSENT = case((COURSE.has_consented.is_(True), 0), (COURSE.has_consented.is_(False), 1), else_=2)
_DAY_ZERO = date(1970, 1, 1)
_PLACE = PlaceRow.__table__.c
_ACTIVE = select(*LISTED).where(COURSE.is_active)


class Order(StrEnum):
    """By what the list is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    CONSENT = "consent"
    NO_CONSENT = "no_consent"
    LOCATION = "location"
    WARD = "ward"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user wants to see; everything empty is everything."""

    order: Order = Order.NEWEST
    organisation: int | None = None
    started_from: date | None = None
    started_to: date | None = None
    consent: str = ""  # "yes", "no" or "open"
    location_id: int | None = None
    ward_id: int | None = None
    form: str = ""
    state: FormState | None = None


@dataclass(frozen=True, kw_only=True)
class WorkLine:
    """One row of the list."""

    course: CourseLine
    person: Person


@dataclass(frozen=True, kw_only=True)
class WorkPage:
    """One page; the next begins after `next_key` (codes and ids only), which is None on the last one."""

    lines: Sequence[WorkLine]
    next_key: tuple[int, int] | None


def work_list(
    wanted: Wanted,
    *,
    by: Principal,
    registry: Registry,
    after: tuple[int, int] | None,
    limit: int,
    persons: PersonStore,
    uow: UnitOfWork[Store],
) -> WorkPage:
    """At most `limit` rows after a key; each person is in the access log before a name is read."""
    with uow() as store:
        rows = store.session.execute(_query(wanted, registry, by, after).limit(limit + 1)).all()
        shown = rows[:limit]
        courses = lines_of(store.session, shown, registry)
        next_key = _key(wanted.order, shown[-1]) if len(rows) > limit else None
        pids = sorted({row.pid for row in shown})
        store.log_access(*accesses(pids, what="work_list", reason=REASON, registry=registry, by=by))
    known, day = persons.read_names(pids), today(uow.clock)
    lines = [
        WorkLine(course=course, person=person_of(course.pid, known[course.pid], day))
        for course in courses
        if course.pid in known
    ]
    return WorkPage(lines=lines, next_key=next_key)


def _query(
    wanted: Wanted, registry: Registry, by: Principal, after: tuple[int, int] | None
) -> Select[*tuple[Any, ...]]:
    query = within(_ACTIVE, registry, by).where(*_conditions(wanted, registry))
    column = _column(wanted.order)
    if wanted.order is Order.NEWEST:
        query = query.order_by(column.desc(), COURSE.course_id.desc())
        return query if after is None else query.where(tuple_(column, COURSE.course_id) < _start(wanted, after))
    query = query.order_by(column, COURSE.course_id)
    return query if after is None else query.where(tuple_(column, COURSE.course_id) > _start(wanted, after))


def _conditions(wanted: Wanted, registry: Registry) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.organisation is not None:
        found.append(COURSE.organisation == wanted.organisation)
    if wanted.started_from is not None:
        found.append(COURSE.started_on >= wanted.started_from)
    if wanted.started_to is not None:
        found.append(COURSE.started_on <= wanted.started_to)
    if wanted.consent:
        answers = {"yes": True, "no": False, "open": None}
        found.append(COURSE.has_consented.is_(answers[wanted.consent]))
    if wanted.location_id is not None:
        found.append(COURSE.location_id == wanted.location_id)
    if wanted.ward_id is not None:
        found.append(COURSE.ward_id == wanted.ward_id)
    if wanted.form and wanted.state is not None:
        found.append(_in_state(wanted.form, wanted.state, registry))
    return found


def _in_state(form: str, state: FormState, registry: Registry) -> ColumnElement[bool]:
    """The digit of a form, read as the list shows it: a type of course closes what is not locked."""
    position = [entry.key for entry in registry.forms].index(form) + 1
    digit = func.substr(COURSE.form_status, position, 1)
    is_open = COURSE.course_type.in_(sorted(registry.opening_types(form)))
    if state is FormState.FINALISED:
        return digit == str(int(state))
    if state is FormState.CLOSED:
        is_locked = digit == str(int(FormState.FINALISED))
        return and_(~is_locked, or_(~is_open, digit == str(int(state))))
    return and_(digit == str(int(state)), is_open)


def _column(order: Order) -> ColumnElement[Any]:
    """What is sorted by."""
    places = {Order.LOCATION: COURSE.location_id, Order.WARD: COURSE.ward_id}
    if order in places:
        name = select(_PLACE.short_name).where(_PLACE.place_id == places[order]).scalar_subquery()
        return func.coalesce(name, "")
    if order is Order.NO_CONSENT:
        return (2 - _CONSENT).label("no_consent")
    return _CONSENT if order is Order.CONSENT else COURSE.started_on


def _key(order: Order, row: Row[Any]) -> tuple[int, int]:
    """The row's place in the order, without words: a day, a code or the id of a place."""
    match order:
        case Order.LOCATION:
            return row.location_id or 0, row.course_id
        case Order.WARD:
            return row.ward_id or 0, row.course_id
        case Order.CONSENT | Order.NO_CONSENT:
            code = {True: 0, False: 1, None: 2}[row.has_consented]
            return (code if order is Order.CONSENT else 2 - code), row.course_id
        case _:
            return (row.started_on - _DAY_ZERO).days, row.course_id


def _start(wanted: Wanted, after: tuple[int, int]) -> Tuple:
    first, course_id = after
    if wanted.order in {Order.LOCATION, Order.WARD}:
        name = select(_PLACE.short_name).where(_PLACE.place_id == first).scalar_subquery()
        return tuple_(func.coalesce(name, ""), course_id)
    if wanted.order in {Order.NEWEST, Order.OLDEST}:
        return tuple_(date.fromordinal(_DAY_ZERO.toordinal() + first), course_id)
    return tuple_(first, course_id)
