"""Order patient forms, or take orders back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.eprom.domain.course import CourseName, is_refused
from services.eprom.domain.order import ENDED, UNDELIVERED, OrderState, stopped, wanted_again
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store, course_of, order_of
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.messages import send_asked
from shared.contracts.eprom import FormOrdered, FormStopped
from shared.observability.log import get_logger
from shared.outbox.unit_of_work import UnitOfWork

_log = get_logger(__name__)


def place_order(course: CourseName, form: str, *, due_at: datetime, uow: UnitOfWork[Store]) -> str:
    """Order one form of a course; while an order of it is under way or answered, that one stands."""
    with uow() as store:
        standing = _standing(store, course.course_id, form)
        return standing.order_id if standing else add_order(store, course, form, due_at).order_id


def order_at_once(
    course: CourseName, form: str, *, channel: str, schedules: Mapping[str, Schedule], uow: UnitOfWork[Store]
) -> None:
    """Send one form now, because a clinician wants it; one that waits or was not delivered is sent now too.

    A form without its owner's wording is not ordered.
    """
    schedule = schedules.get(course.registry)
    if schedule is None or form in schedule.withheld:
        _log.warning("order refused, nobody may be sent the form", course_id=course.course_id, form=form)
        return
    with uow() as store:
        known = store.course(course.course_id)
        if known is not None and is_refused(course_of(known)):
            return
        row = _standing(store, course.course_id, form) or add_order(store, course, form, store.now)
        if row.state in UNDELIVERED:
            store.change(row, wanted_again(order_of(row), due_at=store.now))
        if row.state == OrderState.WAITING:
            row.asked_channel, row.due_at = channel, store.now
            send_asked(store, row.order_id)


def stop_orders(
    course_id: int, *, reason: int | None, uow: UnitOfWork[Store], forms: Sequence[str] | None = None
) -> None:
    """Send nothing more for a course and close its open links."""
    with uow() as store:
        rows = [row for row in store.orders_of_course(course_id) if forms is None or row.form in forms]
        stop_rows(store, rows, reason)


def stop_dead_person(pid: int, *, schedules: Mapping[str, Schedule], uow: UnitOfWork[Store]) -> None:
    """Send nothing more to a person who has died and close every open link, with each registry's code for that."""
    with uow() as store:
        for course in store.courses_of_person(pid):
            course.is_stopped = True
        for row in store.orders_of_person(pid):
            stop_rows(store, [row], schedules[row.registry_key].died_reason)


def add_order(store: Store, course: CourseName, form: str, due_at: datetime) -> OrderRow:
    """Write a new order and tell of it."""
    row = OrderRow(
        order_id=uuid.uuid4().hex,
        course_id=course.course_id,
        pid=course.pid,
        registry_key=course.registry,
        organisation=course.organisation,
        form=form,
        state=OrderState.WAITING,
        due_at=due_at,
        created_at=store.now,
    )
    store.add(row)
    store.emit(FormOrdered(order_id=row.order_id, course_id=row.course_id, pid=row.pid, form=form, due_at=row.due_at))
    return row


def stop_rows(store: Store, rows: Sequence[OrderRow], reason: int | None, *, may_return: bool = False) -> None:
    """Stop orders; with `may_return` a rule of the registry may order the form again."""
    for row in rows:
        before = row.state
        store.change(row, stopped(order_of(row), reason=reason))
        if row.state != before:
            row.link_hash, row.may_return = None, may_return
            store.erase_answer(row.order_id)
            store.emit(
                FormStopped(order_id=row.order_id, course_id=row.course_id, pid=row.pid, form=row.form, reason=reason)
            )


def _standing(store: Store, course_id: int, form: str) -> OrderRow | None:
    rows = store.orders_of_course(course_id, form)
    return next((row for row in rows if OrderState(row.state) not in ENDED or row.state == OrderState.STORED), None)
