"""What the calendar asks of eprom: the daily dispatch, reminders, and locking what nobody answered."""

from __future__ import annotations

from datetime import datetime

from services.eprom.domain.order import expired
from services.eprom.store.store import Store, order_of
from services.eprom.usecases.send_form import FIRST, REMIND_JOB, REMINDER, SEND_JOB
from shared.contracts.eprom import FormExpired
from shared.outbox.unit_of_work import UnitOfWork


def dispatch(due_at: datetime, *, uow: UnitOfWork[Store]) -> int:
    """Have every order due at this dispatch sent; returns how many. Running it again sends nothing twice."""
    with uow() as store:
        ids = store.due_orders(due_at)
        for order_id in ids:
            store.enqueue(SEND_JOB, key=f"{FIRST}:{order_id}", order_id=order_id, kind=FIRST)
        return len(ids)


def remind(*, uow: UnitOfWork[Store]) -> int:
    """Have the one reminder sent for each order whose first deadline is over."""
    with uow() as store:
        ids = store.orders_to_remind(store.now)
        for order_id in ids:
            store.enqueue(REMIND_JOB, key=f"{REMINDER}:{order_id}", order_id=order_id, kind=REMINDER)
        return len(ids)


def lock_overdue(*, reason: int, uow: UnitOfWork[Store]) -> int:
    """Lock each order that nobody answered in time, with the register's code for that."""
    with uow() as store:
        ids = store.orders_to_lock(store.now)
        for order_id in ids:
            row = store.order(order_id)
            store.change(row, expired(order_of(row), now=store.now, reason=reason))
            row.link_hash = None
            store.erase_answer(order_id)
            store.emit(
                FormExpired(order_id=order_id, course_id=row.course_id, pid=row.pid, form=row.form, reason=reason)
            )
        return len(ids)
