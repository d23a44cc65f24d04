"""The life of one order of a patient form, from the moment it is known to the moment eprom forgets the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.eprom.domain.deadlines import end_of_day, oslo_date
from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.reach import ReachCode


class OrderState(StrEnum):
    """Waiting for its dispatch, out with the patient, or at one of the ends."""

    WAITING = "waiting"
    SENT = "sent"
    REMINDED = "reminded"
    ANSWERED = "answered"  # answers are here, registration has not stored them yet
    STORED = "stored"  # registration has them; eprom's copy is gone
    EXPIRED = "expired"
    STOPPED = "stopped"
    FAILED = "failed"  # the sending itself is broken; a person must look
    UNREACHABLE = "unreachable"  # no channel reaches the person


ALLOWED: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.WAITING: frozenset(
        {OrderState.SENT, OrderState.STOPPED, OrderState.FAILED, OrderState.UNREACHABLE},
    ),
    OrderState.SENT: frozenset(
        {OrderState.REMINDED, OrderState.ANSWERED, OrderState.EXPIRED, OrderState.STOPPED},
    ),
    OrderState.REMINDED: frozenset({OrderState.ANSWERED, OrderState.EXPIRED, OrderState.STOPPED}),
    OrderState.ANSWERED: frozenset({OrderState.STORED}),
    OrderState.FAILED: frozenset({OrderState.WAITING, OrderState.STOPPED}),
    OrderState.UNREACHABLE: frozenset({OrderState.WAITING, OrderState.STOPPED}),
    OrderState.STORED: frozenset(),
    OrderState.EXPIRED: frozenset(),
    OrderState.STOPPED: frozenset(),
}
OUT = frozenset({OrderState.SENT, OrderState.REMINDED})
UNDELIVERED = frozenset({OrderState.FAILED, OrderState.UNREACHABLE})
ENDED = frozenset({OrderState.STORED, OrderState.EXPIRED, OrderState.STOPPED})


@dataclass(frozen=True, kw_only=True)
class Waits:
    """How long a patient has, in days of the Oslo calendar; `paper_lock_days` from a letter on paper to the lock."""

    reminder_days: int
    lock_days: int
    paper_lock_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Order:
    """One form ordered for one course. `remind_at` and `lock_at` are set when it is sent, `code` when it cannot be."""

    state: OrderState
    due_at: datetime
    remind_at: datetime | None = None
    lock_at: datetime | None = None
    reason: int | None = None
    code: ReachCode | None = None


def sent(order: Order, *, now: datetime, waits: Waits) -> Order:
    """The order after its message went out; deadlines end with Oslo days, not after 24 hours.

    An order that came with its own last moment keeps it, and nobody is reminded of it.
    """
    day = oslo_date(now)
    return _moved(
        order,
        OrderState.SENT,
        otherwise="order_is_not_waiting",
        remind_at=None if order.lock_at else end_of_day(day + timedelta(days=waits.reminder_days)),
        lock_at=order.lock_at or end_of_day(day + timedelta(days=waits.reminder_days + waits.lock_days)),
    )


def sent_on_paper(order: Order, *, now: datetime, waits: Waits) -> Order:
    """The order after a letter went out: letters take days, so it is open for longer, and nobody is reminded of it."""
    lock_at = order.lock_at or end_of_day(oslo_date(now) + timedelta(days=waits.paper_lock_days))
    return _moved(order, OrderState.SENT, otherwise="order_is_not_waiting", remind_at=None, lock_at=lock_at)


def reminded(order: Order, *, now: datetime, waits: Waits) -> Order:
    """The order after the one reminder; a late reminder moves the lock, so that the patient has the promised days."""
    if order.state is OrderState.SENT and order.remind_at is None:
        raise RuleBroken("order_is_not_out")
    promised = end_of_day(_reminder_day(order, now) + timedelta(days=waits.lock_days))
    lock_at = max(promised, order.lock_at or promised)
    return _moved(order, OrderState.REMINDED, otherwise="order_is_not_out", lock_at=lock_at)


def is_open(order: Order, now: datetime) -> bool:
    """Whether the patient may answer; the last day counts to its end, also before the lock has been set."""
    is_over = not _awaits_reminder(order) and order.lock_at is not None and order.lock_at <= now
    return order.state in OUT and not is_over


def answered(order: Order, *, now: datetime) -> Order:
    """The order after the patient has submitted; a second submission is refused."""
    if not is_open(order, now):
        raise RuleBroken("form_is_not_open")
    return _moved(order, OrderState.ANSWERED, otherwise="form_is_not_open")


def stored(order: Order) -> Order:
    """The order when registration holds the answers."""
    return _moved(order, OrderState.STORED, otherwise="order_has_no_answers")


def expired(order: Order, *, now: datetime, reason: int) -> Order:
    """The order when nobody answered in time; locked with the register's code for that."""
    if order.lock_at is None or now < order.lock_at or _awaits_reminder(order):
        raise RuleBroken("order_is_not_overdue")
    return _moved(order, OrderState.EXPIRED, otherwise="order_is_not_overdue", reason=reason)


def stopped(order: Order, *, reason: int | None) -> Order:
    """The order when nothing more shall be sent and an open link shall close. Ended orders stay as they are."""
    if OrderState.STOPPED not in ALLOWED[order.state]:
        return order
    return _moved(order, OrderState.STOPPED, otherwise="order_has_ended", reason=reason, code=None)


def unreachable(order: Order, code: ReachCode) -> Order:
    """The order when no channel takes its message for this person."""
    return _moved(order, OrderState.UNREACHABLE, otherwise="order_is_not_waiting", code=code)


def failed(order: Order, code: ReachCode) -> Order:
    """The order when the sending itself is broken for longer than it is tried again."""
    return _moved(order, OrderState.FAILED, otherwise="order_is_not_waiting", code=code)


def wanted_again(order: Order, *, due_at: datetime) -> Order:
    """The undelivered order after a person has looked: it waits anew, and keeps the ids of its messages."""
    return _moved(order, OrderState.WAITING, otherwise="order_is_not_undelivered", due_at=due_at, code=None)


def _awaits_reminder(order: Order) -> bool:
    return order.state is OrderState.SENT and order.remind_at is not None


def _moved(order: Order, state: OrderState, *, otherwise: str, **values: Any) -> Order:
    """The order in its next state; a step the table does not allow raises RuleBroken with the code `otherwise`."""
    if state not in ALLOWED[order.state]:
        raise RuleBroken(otherwise)
    return replace(order, state=state, **values)


def _reminder_day(order: Order, now: datetime) -> date:
    """The day the reminder counts from: the planned one, moved by the days it came late, rounded."""
    planned = order.remind_at or now
    days_late = max(0, round((now - planned) / timedelta(days=1)))
    return oslo_date(planned - timedelta(seconds=1)) + timedelta(days=days_late)
