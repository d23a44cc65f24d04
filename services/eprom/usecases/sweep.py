"""What the calendar asks of eprom: the daily dispatch, reminders, and locking what nobody answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.eprom.domain.deadlines import end_of_day, oslo_date
from services.eprom.domain.order import expired
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.messages import NO_CHANNEL, send_first, send_reminder
from shared.contracts.eprom import DeliveryFailed, FormExpired
from shared.outbox.unit_of_work import UnitOfWork

_KEPT_BACK = timedelta(hours=12)


def dispatch(registry: str, run_at: datetime, *, uow: UnitOfWork[Store]) -> int:
    """Have every order of this day's dispatch sent, each at its minute; returns how many. Twice does no harm."""
    with uow() as store:
        rows = store.due_orders(registry, end_of_day(oslo_date(run_at)))
        for row in rows:
            if row.due_at <= run_at - _KEPT_BACK:
                _tell_kept_back(store, row)
            send_first(store, row.order_id, max(row.due_at, run_at))
        return len(rows)


def _tell_kept_back(store: Store, row: OrderRow) -> None:
    """Tell the clinicians that a message should have been out; when it leaves after all, they hear that too."""
    store.emit(
        DeliveryFailed(
            order_id=row.order_id,
            course_id=row.course_id,
            pid=row.pid,
            form=row.form,
            channel=NO_CHANNEL,
            code="outage",
        )
    )


def remind(*, uow: UnitOfWork[Store]) -> int:
    """Have the one reminder sent for each order whose first deadline is over."""
    with uow() as store:
        ids = store.orders_to_remind(store.now)
        for order_id in ids:
            send_reminder(store, order_id)
        return len(ids)


def lock_overdue(*, schedules: Mapping[str, Schedule], uow: UnitOfWork[Store]) -> int:
    """Lock each order that nobody answered in time, with the register's code for that."""
    with uow() as store:
        ids = store.orders_to_lock(store.now)
        for order_id in ids:
            row = store.order(order_id)
            reason = schedules[row.registry_key].not_answered_reason
            store.change(row, expired(order_of(row), now=store.now, reason=reason))
            row.link_hash = None
            store.erase_answer(order_id)
            store.emit(
                FormExpired(order_id=order_id, course_id=row.course_id, pid=row.pid, form=row.form, reason=reason)
            )
        return len(ids)
