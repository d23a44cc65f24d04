"""Send a form, or its reminder, through the first channel that takes it; each message once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.eprom.domain.links import link_token, token_hash
from services.eprom.domain.order import OUT, OrderState, Waits, reminded, sent, stopped
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow, SentRow
from services.eprom.usecases.ports import Channel, ContactRegister, Letter, RecipientGone, Recipients
from shared.contracts.eprom import DeliveryFailed, FormSent, FormStopped, ReminderSent
from shared.outbox.unit_of_work import UnitOfWork

SEND_JOB, REMIND_JOB = "send_form", "remind"
FIRST, REMINDER = "first", "reminder"
_NO_CHANNEL = "none"
_MESSAGE_SPACE = uuid.UUID("6f1f0a52-6f3b-4df4-9a58-9f2f6f8f5a10")


@dataclass(frozen=True)
class Post:
    """Everything that sending needs besides the database."""

    recipients: Recipients
    contacts: ContactRegister
    channels: Sequence[Channel]
    link_key: bytes
    link_url: Callable[[str], str]
    words: Callable[[str, str], tuple[str, str]]  # kind, language -> title, text
    waits: Callable[[str], Waits]  # registry -> days


def message_id_of(order_id: str, kind: str) -> str:
    """The same message has the same id however often it is tried, so that a channel can drop repeats."""
    return str(uuid.uuid5(_MESSAGE_SPACE, f"{order_id}/{kind}"))


def send_form(order_id: str, kind: str, *, post: Post, uow: UnitOfWork[Store]) -> None:
    """Send the first message or the reminder of an order; nothing when it is no longer wanted."""
    wanted = OrderState.WAITING if kind == FIRST else OrderState.SENT
    with uow() as store:
        row = store.order(order_id)
        if row.state != wanted or store.was_sent(message_id_of(order_id, kind)):
            return
        pid, course_id = row.pid, row.course_id
    try:
        channel = _deliver(order_id, kind, pid, course_id, post)
    except RecipientGone:
        _give_up(order_id, uow, is_failure=False)
        return
    if channel is None and kind == FIRST:
        _give_up(order_id, uow, is_failure=True)
        return
    _note(order_id, kind, channel, post, uow)


def _deliver(order_id: str, kind: str, pid: int, course_id: int, post: Post) -> str | None:
    recipient = post.recipients.look_up(pid, course_id)
    contact = post.contacts.look_up(recipient)
    title, text = post.words(kind, contact.language)
    link = post.link_url(link_token(post.link_key, order_id))
    letter = Letter(message_id_of(order_id, kind), title, text, link)
    return next((c.name for c in post.channels if c.send(recipient, contact, letter)), None)


def _give_up(order_id: str, uow: UnitOfWork[Store], *, is_failure: bool) -> None:
    with uow() as store:
        row = store.order(order_id)
        if row.state not in OUT | {OrderState.WAITING}:
            return
        store.change(row, stopped(order_of(row), reason=None))
        row.link_hash = None
        facts = _facts(row)
        if is_failure:
            store.emit(DeliveryFailed(**facts, channel=_NO_CHANNEL, code="no_channel"))
        store.emit(FormStopped(**facts, reason=None))


def _note(order_id: str, kind: str, channel: str | None, post: Post, uow: UnitOfWork[Store]) -> None:
    with uow() as store:
        row = store.order(order_id)
        message_id = message_id_of(order_id, kind)
        if store.was_sent(message_id):
            return
        order, waits = order_of(row), post.waits(row.registry_key)
        change = (
            sent(order, now=store.now, waits=waits) if kind == FIRST else reminded(order, now=store.now, waits=waits)
        )
        store.change(row, change)
        row.channel = channel
        row.link_hash = token_hash(link_token(post.link_key, order_id))
        ledger = SentRow(message_id=message_id, order_id=order_id, kind=kind, channel=channel or _NO_CHANNEL)
        ledger.sent_at = store.now
        store.add(ledger)
        _tell(store, row, kind, channel)


def _tell(store: Store, row: OrderRow, kind: str, channel: str | None) -> None:
    facts = _facts(row)
    if kind == FIRST:
        store.emit(FormSent(**facts, channel=channel or _NO_CHANNEL, sent_at=store.now))
    else:
        store.emit(ReminderSent(**facts, sent_at=store.now))


def _facts(row: OrderRow) -> dict[str, Any]:
    return {"order_id": row.order_id, "course_id": row.course_id, "pid": row.pid, "form": row.form}
