"""The life of one order of a patient form, from the moment it is known to the moment eprom forgets the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.eprom.domain.deadlines import end_of_day, oslo_date
from services.eprom.domain.errors import RuleBroken


class OrderState(StrEnum):
    """Waiting for its dispatch, out with the patient, or at one of the ends."""

    WAITING = "waiting"
    SENT = "sent"
    REMINDED = "reminded"
    ANSWERED = "answered"  # answers are here, registration has not stored them yet
    STORED = "stored"  # registration has them; eprom's copy is gone
    EXPIRED = "expired"
    STOPPED = "stopped"


OUT = frozenset({OrderState.SENT, OrderState.REMINDED})
ENDED = frozenset({OrderState.STORED, OrderState.EXPIRED, OrderState.STOPPED})


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long a patient has, in days of the Oslo calendar."""

    reminder_days: int
    lock_days: int


@dataclass(frozen=True, kw_only=True)
class Order:
    """One form ordered for one course. `remind_at` and `lock_at` are set when it is sent."""

    state: OrderState
    due_at: datetime
    remind_at: datetime | None = None
    lock_at: datetime | None = None
    reason: int | None = None


def sent(order: Order, *, now: datetime, waits: Waits) -> Order:
    """The order after its message went out; deadlines end with Oslo days, not after 24 hours."""
    if order.state is not OrderState.WAITING:
        raise RuleBroken("order_is_not_waiting")
    day = oslo_date(now)
    return replace(
        order,
        state=OrderState.SENT,
        remind_at=end_of_day(day + timedelta(days=waits.reminder_days)),
        lock_at=end_of_day(day + timedelta(days=waits.reminder_days + waits.lock_days)),
    )


def reminded(order: Order, *, now: datetime, waits: Waits) -> Order:
    """The order after the one reminder; a late reminder moves the lock, so that the patient has the promised days."""
    if order.state is not OrderState.SENT:
        raise RuleBroken("order_is_not_out")
    promised = end_of_day(_reminder_day(order, now) + timedelta(days=waits.lock_days))
    return replace(order, state=OrderState.REMINDED, lock_at=max(promised, order.lock_at or promised))


def is_open(order: Order, now: datetime) -> bool:
    """Whether the patient may answer; the last day counts to its end, also before the lock has been set."""
    is_over = order.state is OrderState.REMINDED and order.lock_at is not None and order.lock_at <= now
    return order.state in OUT and not is_over


def answered(order: Order, *, now: datetime) -> Order:
    """The order after the patient has submitted; a second submission is refused."""
    if not is_open(order, now):
        raise RuleBroken("form_is_not_open")
    return replace(order, state=OrderState.ANSWERED)


def stored(order: Order) -> Order:
    """The order when registration holds the answers."""
    if order.state is not OrderState.ANSWERED:
        raise RuleBroken("order_has_no_answers")
    return replace(order, state=OrderState.STORED)


def expired(order: Order, *, now: datetime, reason: int) -> Order:
    """The order when nobody answered in time; locked with the register's code for that."""
    if order.state is not OrderState.REMINDED or order.lock_at is None or now < order.lock_at:
        raise RuleBroken("order_is_not_overdue")
    return replace(order, state=OrderState.EXPIRED, reason=reason)


def stopped(order: Order, *, reason: int | None) -> Order:
    """The order when nothing more shall be sent and an open link shall close. Ended orders stay as they are."""
    if order.state in ENDED or order.state is OrderState.ANSWERED:
        return order
    return replace(order, state=OrderState.STOPPED, reason=reason)


def _reminder_day(order: Order, now: datetime) -> date:
    """The day the reminder counts from: the planned one, moved by the days it came late, rounded."""
    planned = order.remind_at or now
    days_late = max(0, round((now - planned) / timedelta(days=1)))
    return oslo_date(planned - timedelta(seconds=1)) + timedelta(days=days_late)
