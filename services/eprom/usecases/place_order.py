"""Order patient forms, or take orders back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from services.eprom.domain.order import ENDED, OrderState, stopped
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow
from shared.contracts.eprom import FormOrdered, FormStopped
from shared.outbox.unit_of_work import UnitOfWork


def place_order(
    course_id: int, form: str, *, pid: int, registry: str, organisation: int, due_at: datetime, uow: UnitOfWork[Store]
) -> str:
    """Order one form of a course; while an order of it is under way or answered, that one stands."""
    with uow() as store:
        for row in store.orders_of_course(course_id, form):
            if OrderState(row.state) not in ENDED or row.state == OrderState.STORED:
                return row.order_id
        order_id = uuid.uuid4().hex
        row = OrderRow(
            order_id=order_id,
            course_id=course_id,
            pid=pid,
            registry_key=registry,
            organisation=organisation,
            form=form,
            state=OrderState.WAITING,
            due_at=due_at,
            created_at=store.now,
        )
        store.add(row)
        store.emit(FormOrdered(order_id=order_id, course_id=course_id, pid=pid, form=form, due_at=due_at))
        return order_id


def stop_orders(
    course_id: int, *, reason: int | None, uow: UnitOfWork[Store], forms: Sequence[str] | None = None
) -> None:
    """Send nothing more for a course and close its open links."""
    with uow() as store:
        rows = [row for row in store.orders_of_course(course_id) if forms is None or row.form in forms]
        _stop(store, rows, reason)


def stop_person(pid: int, *, reason: int | None, uow: UnitOfWork[Store]) -> None:
    """Send nothing more to a person and close every open link."""
    with uow() as store:
        _stop(store, store.orders_of_person(pid), reason)


def _stop(store: Store, rows: Sequence[OrderRow], reason: int | None) -> None:
    for row in rows:
        before = row.state
        store.change(row, stopped(order_of(row), reason=reason))
        if row.state != before:
            row.link_hash = None
            store.emit(
                FormStopped(order_id=row.order_id, course_id=row.course_id, pid=row.pid, form=row.form, reason=reason)
            )
