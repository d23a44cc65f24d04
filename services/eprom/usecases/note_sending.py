"""Note what came of one message: the ledger of attempts, the sent-row, the order's next state, and what is told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.eprom.domain.order import Order, OrderState, failed, reminded, sent, sent_on_paper, stopped, unreachable
from services.eprom.domain.reach import PAPER, Attempt, Outcome, ReachCode, summed_up
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import AttemptRow, OrderRow, SentRow
from services.eprom.usecases.messages import FIRST, NO_CHANNEL, REMINDER, REST, send_one
from services.eprom.usecases.ports import LastingFault, OutsideUnavailable
from shared.contracts.eprom import DeliveryFailed, FormSent, FormStopped, ReminderSent
from shared.outbox.unit_of_work import UnitOfWork

WANTED = {FIRST: OrderState.WAITING, REMINDER: OrderState.SENT, REST: OrderState.SENT}
REGISTRATION, CONTACT_REGISTER = "registration", "contact_register"  # where an attempt may end before any channel
_MESSAGE_SPACE = uuid.UUID("6f1f0a52-6f3b-4df4-9a58-9f2f6f8f5a10")


@dataclass(frozen=True)
class Message:
    """One message of one order. `link_hash` is what is kept of its link, `code_hash` of the code in a letter."""

    order_id: str
    kind: str
    link_hash: str
    code_hash: str
    schedule: Schedule

    @property
    def said(self) -> str:
        """Which message it is in words; the first one too where it comes late."""
        return FIRST if self.kind == REST else self.kind

    @property
    def message_id(self) -> str:
        """The message's own id."""
        return message_id_of(self.order_id, self.said)

    def id_for(self, sign: str) -> str:
        """The id of one parent's own message."""
        return message_id_of(self.order_id, f"{self.said}/{sign}")


@dataclass(frozen=True)
class Tried:
    """What came of a message: each attempt, the channel that took it, or the fault that keeps it back.

    `to_parents` are the parents' own messages that were taken, by id, with the channel of each. With `is_left` an
    outage keeps another parent's back.
    """

    attempts: Sequence[Attempt]
    channel: str | None = None
    fault: OutsideUnavailable | None = None
    to_parents: Mapping[str, str] = field(default_factory=dict)
    is_left: bool = False


def message_id_of(order_id: str, kind: str) -> str:
    """The same message has the same id however often it is tried, so that a channel can drop repeats."""
    return str(uuid.uuid5(_MESSAGE_SPACE, f"{order_id}/{kind}"))


def after(row: OrderRow, kind: str, now: datetime, schedule: Schedule, channel: str | None = None) -> Order:
    """The order as it is when the message has gone out, by `channel`."""
    first = sent_on_paper if channel == PAPER else sent
    return (first if kind == FIRST else reminded)(order_of(row), now=now, waits=schedule.waits)


def note_gone(message: Message, uow: UnitOfWork[Store]) -> None:
    """Nobody may be written to: the order ends."""
    with uow() as store:
        row = _noted(store, message, [Attempt(REGISTRATION, Outcome.NOT_REACHED, ReachCode.RECIPIENT_GONE)])
        if row is not None:
            store.change(row, stopped(order_of(row), reason=None))
            row.link_hash = None
            store.emit(FormStopped(**_facts(row), reason=None))


def note_tried(message: Message, tried: Tried, uow: UnitOfWork[Store]) -> None:
    """A channel has taken the message, or none did."""
    with uow() as store:
        row = _noted(store, message, tried.attempts)
        own = {message.message_id: tried.channel} if tried.channel is not None else {}
        for message_id, channel in (tried.to_parents or own).items():
            _keep_sent(store, message, message_id, channel)
        if row is None or message.kind == REST:  # stopped while the message was on its way: its link leads nowhere
            return
        if tried.is_left:
            send_one(store, message.order_id, REST)
        if tried.fault is not None:
            _give_up(store, row, message, tried)
        elif tried.channel is None and message.kind == FIRST:
            code = summed_up([attempt.code for attempt in tried.attempts if attempt.code is not None])
            store.change(row, unreachable(order_of(row), code))
            store.emit(DeliveryFailed(**_facts(row), channel=NO_CHANNEL, code=code))
        else:
            _advance(store, row, message, tried.channel)


def _noted(store: Store, message: Message, attempts: Sequence[Attempt]) -> OrderRow | None:
    """Write the attempts down and free the order; returns it if the message is still wanted and was not sent."""
    row = store.order(message.order_id)
    row.claimed_until = None
    told = {"order_id": message.order_id, "kind": message.kind}
    for attempt in attempts:
        result = {"channel": attempt.channel, "outcome": attempt.outcome, "code": attempt.code}
        told["message_id"] = attempt.message_id or message.message_id
        store.session.add(AttemptRow(**told, **result, tried_at=store.now))
    is_wanted = row.state == WANTED[message.kind] and not store.was_sent(message.message_id)
    return row if is_wanted else None


def _keep_sent(store: Store, message: Message, message_id: str, channel: str) -> None:
    if not store.was_sent(message_id):
        told = {"message_id": message_id, "order_id": message.order_id, "kind": message.kind}
        store.add(SentRow(**told, channel=channel, sent_at=store.now))


def _give_up(store: Store, row: OrderRow, message: Message, tried: Tried) -> None:
    """An outage is waited for; what does not pass by itself, or lasts too long, is for a person to look at.

    A reminder that is given up lets the deadline run: a form is not open for ever.
    """
    wanted_at = row.due_at if message.kind == FIRST else row.remind_at or store.now
    if not isinstance(tried.fault, LastingFault) and store.now < wanted_at + message.schedule.tries_for:
        return
    if message.kind == FIRST:
        last = tried.attempts[-1]
        code = last.code or ReachCode.CHANNEL_OUTAGE
        store.change(row, failed(order_of(row), code))
        store.emit(DeliveryFailed(**_facts(row), channel=last.channel, code=code))
    else:
        _advance(store, row, message, None)


def _advance(store: Store, row: OrderRow, message: Message, channel: str | None) -> None:
    store.change(row, after(row, message.kind, store.now, message.schedule, channel))
    row.channel, row.queued_on = channel or row.channel, None
    row.link_hash = message.code_hash if channel == PAPER else message.link_hash
    if message.kind == FIRST:
        store.emit(FormSent(**_facts(row), channel=channel or NO_CHANNEL, sent_at=store.now))
    else:
        store.emit(ReminderSent(**_facts(row), sent_at=store.now))


def _facts(row: OrderRow) -> dict[str, Any]:
    return {"order_id": row.order_id, "course_id": row.course_id, "pid": row.pid, "form": row.form}
