"""Begin the second half of a log-in, with a one-time code by SMS for those who have nothing stronger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.identity.domain.codes import LIVES, Purpose, check_allowance, new_code, with_new_code
from services.identity.domain.contact import shortened_mobile
from services.identity.domain.errors import RuleBroken
from services.identity.domain.throttle import CODES, is_capped
from services.identity.domain.tokens import new_token, token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.log_ins import attempt_of
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An attempt that waits for its second factor; `attempt` is the secret that the visitor's session keeps."""

    attempt: str
    mobile: str

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Begun(...)"


@dataclass(frozen=True, kw_only=True)
class Code:
    """A new code and its hash, made before the transaction since hashing is slow."""

    digits: str
    stored: str

    @classmethod
    def new(cls, hasher: PasswordHasher) -> Code:
        """A random code."""
        digits = new_code()
        return cls(digits=digits, stored=hasher.hash(digits))

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Code(...)"


def begin(store: Store, user: UserRow, purpose: Purpose, code: Code, messages: Messages) -> Begun:
    """Store an attempt; a code is sent at once unless the user has a stronger factor, and else when it is asked for."""
    check_not_closed(store, user, messages)
    attempt, row = open_attempt(store, user, purpose)
    if store.factors.has_other_than_sms(user.user_id):
        return Begun(attempt=attempt, mobile=shortened_mobile(messages.seals.details_of(user).mobile))
    return Begun(attempt=attempt, mobile=_send(store, row, user, code, messages))


def open_attempt(
    store: Store, user: UserRow, purpose: Purpose, *, begun_at: datetime | None = None, wanted: bytes | None = None
) -> tuple[str, AttemptRow]:
    """Store an attempt for which no code was sent yet, with a sealed new contact; returns its secret and its row."""
    attempt = new_token()
    row = AttemptRow(
        attempt_hash=token_hash(attempt),
        user_id=user.user_id,
        purpose=purpose.value,
        begun_at=begun_at or store.now,
        tries=0,
        is_done=False,
        password_hash=user.password_hash,
        wanted=wanted,
    )
    store.log_ins.add_attempt(row)
    return attempt, row


def send_again(attempt: str, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]) -> Begun:
    """Send a new code for the same attempt; the old one is void and the tries stay counted."""
    code = Code.new(hasher)
    with uow() as store:
        row = store.log_ins.attempt(token_hash(attempt))
        user = store.users.get(row.user_id)
        return Begun(attempt=attempt, mobile=_send(store, row, user, code, messages))


def check_not_closed(store: Store, user: UserRow, messages: Messages) -> None:
    """Raise RuleBroken if wrong codes have closed the account."""
    if is_capped(store.log_ins.tries(codes_counter(messages, user.user_id)), CODES):
        raise RuleBroken("account_locked")


def codes_counter(messages: Messages, user_id: int) -> str:
    """The counter of wrong codes of one account, whichever factor they were tried for."""
    return messages.seals.counter_hash("codes", str(user_id))


def renew(store: Store, row: AttemptRow, code: Code) -> None:
    """Give an attempt a new code instead of the old one; raises RuleBroken if it, or its user, may have none now."""
    attempt = with_new_code(attempt_of(row), store.now)
    check_allowance(store.log_ins.codes_sent(row.user_id), store.now)
    store.log_ins.note_code(row.user_id)
    row.code_hash = code.stored
    store.log_ins.save_attempt(row, attempt)


def _send(store: Store, row: AttemptRow, user: UserRow, code: Code, messages: Messages) -> str:
    renew(store, row, code)
    details = messages.seals.details_of(user)
    messages.send_sms(store, details, "message.code", language=user.language, useful_for=LIVES, code=code.digits)
    return shortened_mobile(details.mobile)
