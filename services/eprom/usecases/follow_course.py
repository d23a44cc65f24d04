"""Keep the orders of a course in step with what registration tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.eprom.domain.course import CourseName, is_refused, wanted
from services.eprom.domain.order import OUT, OrderState
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store, course_of
from services.eprom.store.tables import CourseRow, OrderRow
from services.eprom.usecases.place_order import add_order, stop_rows
from shared.outbox.unit_of_work import UnitOfWork

Schedules = Mapping[str, Schedule]


def note_facts(course: CourseName, *, schedules: Schedules, uow: UnitOfWork[Store], **facts: Any) -> None:
    """Note facts of a course (columns by name), then order what they ask for and stop what they forbid."""
    with uow() as store:
        row = store.known_course(course)
        for name, value in facts.items():
            setattr(row, name, value)
        _follow(store, row, schedules)


def note_finalised(
    course: CourseName, form: str, ended_on: date | None, *, schedules: Schedules, uow: UnitOfWork[Store]
) -> None:
    """A clinician's form was finalised, perhaps with the end of the course in it."""
    with uow() as store:
        row = store.known_course(course)
        row.finalised = {**row.finalised, form: ended_on.isoformat() if ended_on else None}
        _follow(store, row, schedules)


def note_reopened(course_id: int, form: str, *, schedules: Schedules, uow: UnitOfWork[Store]) -> None:
    """A clinician's form was opened again; what only its end had ordered waits for the next end."""
    with uow() as store:
        row = store.course(course_id)
        if row is not None:
            row.finalised = {name: day for name, day in row.finalised.items() if name != form}
            _follow(store, row, schedules)


def note_withdrawn(course_id: int, *, uow: UnitOfWork[Store]) -> None:
    """The consent was withdrawn: nothing more is sent, open links close."""
    with uow() as store:
        row = store.course(course_id)
        if row is not None:
            row.consented = False
        stop_rows(store, store.orders_of_course(course_id), None, may_return=True)


def note_stopped(course_id: int, *, reason: int, uow: UnitOfWork[Store]) -> None:
    """A clinician wants nothing more to be sent by itself; what is ordered by hand is."""
    with uow() as store:
        row = store.course(course_id)
        if row is not None:
            row.is_stopped = True
        stop_rows(store, store.orders_of_course(course_id), reason)


def note_on_paper(course_id: int, form: str, *, uow: UnitOfWork[Store]) -> None:
    """A form was answered on paper: it is not asked for again."""
    with uow() as store:
        row = store.course(course_id)
        if row is not None:
            row.closed = sorted({*row.closed, form})
        stop_rows(store, store.orders_of_course(course_id, form), None)


def note_deleted(course_id: int, *, uow: UnitOfWork[Store]) -> None:
    """The course is no more."""
    with uow() as store:
        stop_rows(store, store.orders_of_course(course_id), None)
        store.forget_course(course_id)


def _follow(store: Store, row: CourseRow, schedules: Schedules) -> None:
    schedule = schedules.get(row.registry_key)
    if schedule is None:
        return
    store.session.flush()
    course = course_of(row)
    forms = wanted(course, schedule, store.now)
    orders = store.orders_of_course(row.course_id)
    baseless = OUT if is_refused(course) else frozenset[OrderState]()
    stop_rows(
        store, [order for order in orders if _is_idle(order, forms) or order.state in baseless], None, may_return=True
    )
    taken = {order.form for order in orders if order.state != OrderState.STOPPED or not order.may_return}
    name = CourseName(course_id=row.course_id, pid=row.pid, registry=row.registry_key, organisation=row.organisation)
    for form, due_at in forms.items():
        if form not in taken:
            add_order(store, name, form, due_at)


def _is_idle(order: OrderRow, forms: Mapping[str, Any]) -> bool:
    """Whether an order waits for something the course does not ask for any more; orders by hand stand."""
    return order.state == OrderState.WAITING and order.asked_channel is None and order.form not in forms
