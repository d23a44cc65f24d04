"""What the calendar asks of eprom: the daily dispatch, reminders, and locking what nobody answered.

Each goes through the orders in parts that are committed one by one: after a crash the next run does what is left, and
runs side by side never take the same order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.eprom.domain.deadlines import end_of_day, oslo_date
from services.eprom.domain.order import expired
from services.eprom.domain.reach import ReachCode
from services.eprom.domain.schedule import Schedule
from services.eprom.store.queue import Queued, orders_to_lock, queue_due, queue_reminders
from services.eprom.store.store import Store, order_of
from services.eprom.usecases.messages import FIRST, NO_CHANNEL, REMINDER, send_batch
from shared.contracts.eprom import DeliveryFailed, FormExpired
from shared.observability.faults import crash_point
from shared.outbox.unit_of_work import UnitOfWork

PART = 1000  # as many as the contact register tells of at once
_KEPT_BACK = timedelta(hours=12)
Schedules = Mapping[str, Schedule]


def dispatch(registry: str, run_at: datetime, *, schedules: Schedules, uow: UnitOfWork[Store]) -> int:
    """Have every order of this day's dispatch sent, each at its minute; returns how many. Twice does no harm."""
    if not schedules[registry].sends_on(oslo_date(uow.clock.now())):
        return 0
    until, day, last, count = end_of_day(oslo_date(run_at)), oslo_date(run_at), None, 0
    while True:
        with uow() as store:
            rows = queue_due(store.session, registry, until, day, after=last, limit=PART)
            _send_at_their_minutes(store, rows, run_at)
        crash_point("dispatch.after_part")
        if not rows:
            return count
        last, count = rows[-1], count + len(rows)


def _send_at_their_minutes(store: Store, rows: Sequence[Queued], run_at: datetime) -> None:
    by_minute: dict[datetime, list[str]] = defaultdict(list)
    for row in rows:
        by_minute[max(row.at, run_at)].append(row.order_id)
        if row.at <= run_at - _KEPT_BACK:
            _tell_kept_back(store, row)
    for minute, order_ids in by_minute.items():
        send_batch(store, order_ids, FIRST, minute)


def _tell_kept_back(store: Store, row: Queued) -> None:
    """Tell the clinicians that a message should have been out; when it leaves after all, they hear that too."""
    store.emit(DeliveryFailed(**row.facts, channel=NO_CHANNEL, code=ReachCode.DELAYED))


def remind(*, schedules: Schedules, uow: UnitOfWork[Store]) -> int:
    """Have the one reminder sent for each order whose first deadline is over; on closed days it waits."""
    day, last, count = oslo_date(uow.clock.now()), None, 0
    open_today = [key for key, schedule in schedules.items() if schedule.sends_on(day)]
    while True:
        with uow() as store:
            rows = queue_reminders(store.session, open_today, store.now, day, after=last, limit=PART)
            if rows:
                send_batch(store, [row.order_id for row in rows], REMINDER, store.now)
        if not rows:
            return count
        last, count = rows[-1], count + len(rows)


def lock_overdue(*, schedules: Schedules, uow: UnitOfWork[Store]) -> int:
    """Lock each order that nobody answered in time, with the register's code for that; returns how many."""
    count = 0
    while locked := _lock_part(schedules, uow):
        count += locked
    return count


def _lock_part(schedules: Schedules, uow: UnitOfWork[Store]) -> int:
    with uow() as store:
        rows = orders_to_lock(store.session, store.now, limit=PART)
        for row in rows:
            reason = schedules[row.registry_key].not_answered_reason
            store.set(row, expired(order_of(row), now=store.now, reason=reason))
            row.link_hash = None
            store.emit(
                FormExpired(order_id=row.order_id, course_id=row.course_id, pid=row.pid, form=row.form, reason=reason)
            )
        store.erase_answers([row.order_id for row in rows])
        return len(rows)
