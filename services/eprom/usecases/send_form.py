"""Send a form, or its reminder, through the first channel that takes it; each message once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.eprom.domain.links import link_token, token_hash
from services.eprom.domain.order import OUT, Order, OrderState, reminded, sent, stopped
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow, SentRow
from services.eprom.usecases.messages import FIRST, NO_CHANNEL, REMINDER
from services.eprom.usecases.ports import Channel, ContactRegister, Letter, RecipientGone, Recipients
from shared.contracts.eprom import DeliveryFailed, FormSent, FormStopped, ReminderSent
from shared.outbox.unit_of_work import UnitOfWork

_WANTED = {FIRST: OrderState.WAITING, REMINDER: OrderState.SENT}
_MESSAGE_SPACE = uuid.UUID("6f1f0a52-6f3b-4df4-9a58-9f2f6f8f5a10")


@dataclass(frozen=True)
class Words:
    """What a message says; the same for every registry and form."""

    title: str
    text: str
    button: str


@dataclass(frozen=True)
class Post:
    """Everything that sending needs besides the database."""

    recipients: Recipients
    contacts: ContactRegister
    channels: Mapping[str, Channel]
    link_key: bytes
    link_url: Callable[[str], str]
    words: Callable[[str, str], Words]  # kind, language
    schedule: Callable[[str], Schedule]  # registry


@dataclass(frozen=True)
class _Address:
    """To whom, about what, and until when."""

    pid: int
    course_id: int
    channels: Sequence[Channel]
    closes_at: datetime


def message_id_of(order_id: str, kind: str) -> str:
    """The same message has the same id however often it is tried, so that a channel can drop repeats."""
    return str(uuid.uuid5(_MESSAGE_SPACE, f"{order_id}/{kind}"))


def send_form(order_id: str, kind: str, *, post: Post, uow: UnitOfWork[Store]) -> None:
    """Send the first message or the reminder of an order; nothing when it is no longer wanted."""
    with uow() as store:
        row = store.order(order_id)
        if row.state != _WANTED[kind] or store.was_sent(message_id_of(order_id, kind)):
            return
        address = _address(row, kind, store.now, post)
    try:
        channel = _deliver(order_id, kind, address, post)
    except RecipientGone:
        _give_up(order_id, uow, is_failure=False)
        return
    if channel is None and kind == FIRST:
        _give_up(order_id, uow, is_failure=True)
        return
    _note(order_id, kind, channel, post, uow)


def _after(row: OrderRow, kind: str, now: datetime, post: Post) -> Order:
    waits = post.schedule(row.registry_key).waits
    return (sent if kind == FIRST else reminded)(order_of(row), now=now, waits=waits)


def _address(row: OrderRow, kind: str, now: datetime, post: Post) -> _Address:
    lock_at = _after(row, kind, now, post).lock_at or now
    names = post.schedule(row.registry_key).channels_for(row.asked_channel)
    channels = [post.channels[name] for name in names]
    return _Address(row.pid, row.course_id, channels, lock_at - timedelta(seconds=1))


def _deliver(order_id: str, kind: str, address: _Address, post: Post) -> str | None:
    recipient = post.recipients.look_up(address.pid, address.course_id)
    contact = post.contacts.look_up(recipient)
    words = post.words(kind, contact.language)
    letter = Letter(
        message_id=message_id_of(order_id, kind),
        title=words.title,
        text=words.text,
        link=post.link_url(link_token(post.link_key, order_id)),
        button=words.button,
        closes_at=address.closes_at,
    )
    return next((c.name for c in address.channels if c.send(recipient, contact, letter)), None)


def _give_up(order_id: str, uow: UnitOfWork[Store], *, is_failure: bool) -> None:
    with uow() as store:
        row = store.order(order_id)
        if row.state not in OUT | {OrderState.WAITING}:
            return
        store.change(row, stopped(order_of(row), reason=None))
        row.link_hash = None
        facts = _facts(row)
        if is_failure:
            store.emit(DeliveryFailed(**facts, channel=NO_CHANNEL, code="no_channel"))
        store.emit(FormStopped(**facts, reason=None))


def _note(order_id: str, kind: str, channel: str | None, post: Post, uow: UnitOfWork[Store]) -> None:
    with uow() as store:
        row = store.order(order_id)
        message_id = message_id_of(order_id, kind)
        if store.was_sent(message_id):
            return
        ledger = SentRow(message_id=message_id, order_id=order_id, kind=kind, channel=channel or NO_CHANNEL)
        ledger.sent_at = store.now
        store.add(ledger)
        if row.state != _WANTED[kind]:  # stopped while the message was on its way: its link leads nowhere
            return
        store.change(row, _after(row, kind, store.now, post))
        row.channel = channel
        row.link_hash = token_hash(link_token(post.link_key, order_id))
        _tell(store, row, kind, channel)


def _tell(store: Store, row: OrderRow, kind: str, channel: str | None) -> None:
    facts = _facts(row)
    if kind == FIRST:
        store.emit(FormSent(**facts, channel=channel or NO_CHANNEL, sent_at=store.now))
    else:
        store.emit(ReminderSent(**facts, sent_at=store.now))


def _facts(row: OrderRow) -> dict[str, Any]:
    return {"order_id": row.order_id, "course_id": row.course_id, "pid": row.pid, "form": row.form}
