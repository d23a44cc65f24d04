"""Prove by a one-time code that the telephone is that of the person a form was sent to."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.domain.log_in_codes import DAY, check_allowance, new_code, tried, typed_code
from services.eprom.domain.order import is_open
from services.eprom.store.log_in_codes import (
    code_of,
    drop_code,
    drop_codes_before,
    newest_code,
    save_code,
    sent_since,
)
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import CodeRow, OrderRow
from services.eprom.usecases.ports import (
    Contact,
    ContactRegister,
    OutsideUnavailable,
    Recipient,
    RecipientGone,
    Recipients,
)
from services.eprom.usecases.readers import reader_with_link
from shared.db.keyed_hash import KeyedHash
from shared.forms.catalogue import registry
from shared.forms.patient_rules import LogIn
from shared.outbox.unit_of_work import UnitOfWork

SHOWN_DIGITS = 2


class TextMessages(Protocol):
    """The SMS gateway."""

    def send(self, message_id: str, mobile: str, text: str) -> bool:
        """Send once for each id; False for a number that is none; raises OutsideUnavailable."""
        ...


@dataclass(frozen=True, kw_only=True)
class HeldLink:
    """The link that a visitor has exchanged: to which order, and the sign of the parent whose own it is."""

    order_id: str
    sign: str = ""


@dataclass(frozen=True, kw_only=True)
class CodePost:
    """What sending codes needs besides the database. `words` makes the message of a code and a language."""

    recipients: Recipients
    contacts: ContactRegister
    sms: TextMessages
    hashes: KeyedHash
    link_key: bytes = field(repr=False)
    words: Callable[[str, str], str]


@dataclass(frozen=True, kw_only=True)
class CodeSent:
    """Where a code went: the last digits of the number, and the language the person has chosen in KRR."""

    last_digits: str
    language: str


def may_use_code(registry_key: str) -> bool:
    """Whether the registry lets patients in by a code."""
    return LogIn.SMS_CODE in registry(registry_key).rules.patients.log_in


def send_code(held: HeldLink, *, post: CodePost, uow: UnitOfWork[Store]) -> CodeSent:
    """Send a code to the number KRR has now.

    Raises RuleBroken (too_many_codes, no_mobile, no_longer_represents) or OutsideUnavailable.
    """
    order_id = held.order_id
    with uow() as store:
        row = _open_order(store, order_id)
        check_allowance(sent_since(store, order_id, store.now - DAY), store.now)
        pid, course_id = row.pid, row.course_id
    contact = _contact(_reader(held, pid, course_id, post), post)
    digits, code_id = new_code(), str(uuid.uuid4())
    with uow() as store:
        _open_order(store, order_id)
        check_allowance(sent_since(store, order_id, store.now - DAY), store.now)
        store.add(_row(code_id, order_id, _digest(held, digits, post), store))
    _deliver(code_id, contact, digits, post, uow)
    return CodeSent(last_digits=(contact.mobile or "")[-SHOWN_DIGITS:], language=contact.language)


def check_code(held: HeldLink, typed: str, *, post: CodePost, uow: UnitOfWork[Store]) -> int:
    """The PID of the order if the code is right; raises RuleBroken otherwise. The try is counted either way.

    A parent must still answer for the child; raises OutsideUnavailable while nobody can tell, and the code stays good.
    """
    if held.sign:
        _check_reader(held, post, uow)
    digest = _digest(held, typed_code(typed), post)
    with uow() as store:
        row, code = _open_order(store, held.order_id), newest_code(store, held.order_id)
        is_right = code is not None and hmac.compare_digest(code.code_hash, digest)
        after = tried(code_of(code) if code else None, store.now, is_right=is_right)
        if code is not None:
            save_code(code, after)
        pid = row.pid
    if not is_right:
        raise RuleBroken("wrong_code")
    return pid


def forget_old_codes(*, uow: UnitOfWork[Store]) -> None:
    """Forget codes that no limit counts any more."""
    with uow() as store:
        drop_codes_before(store, store.now - DAY)


def _open_order(store: Store, order_id: str) -> OrderRow:
    row = store.order(order_id)
    if not is_open(order_of(row), store.now) or not may_use_code(row.registry_key):
        raise NotFound
    return row


def _reader(held: HeldLink, pid: int, course_id: int, post: CodePost) -> Recipient:
    """Who holds the link, if it is somebody who may answer today."""
    try:
        recipient = post.recipients.look_up(pid, course_id)
    except RecipientGone:
        raise NotFound from None
    reader = reader_with_link(recipient, held.order_id, held.sign, post.link_key)
    if reader is None:
        raise RuleBroken("no_longer_represents" if held.sign else "no_mobile")
    return reader


def _check_reader(held: HeldLink, post: CodePost, uow: UnitOfWork[Store]) -> None:
    with uow() as store:
        row = _open_order(store, held.order_id)
        pid, course_id = row.pid, row.course_id
    _reader(held, pid, course_id, post)


def _digest(held: HeldLink, digits: str, post: CodePost) -> str:
    return post.hashes.digest(f"{held.order_id}{held.sign} {digits}")


def _contact(reader: Recipient, post: CodePost) -> Contact:
    contact = post.contacts.look_up(reader)
    if not contact.mobile:
        raise RuleBroken("no_mobile")
    return contact


def _row(code_id: str, order_id: str, digest: str, store: Store) -> CodeRow:
    return CodeRow(code_id=code_id, order_id=order_id, code_hash=digest, sent_at=store.now, tries=0, is_used=False)


def _deliver(code_id: str, contact: Contact, digits: str, post: CodePost, uow: UnitOfWork[Store]) -> None:
    """Send; what did not leave counts for nothing."""
    try:
        is_taken = post.sms.send(code_id, contact.mobile or "", post.words(digits, contact.language))
    except OutsideUnavailable:
        _take_back(code_id, uow)
        raise
    if not is_taken:
        _take_back(code_id, uow)
        raise RuleBroken("no_mobile")


def _take_back(code_id: str, uow: UnitOfWork[Store]) -> None:
    with uow() as store:
        drop_code(store, code_id)
