"""The second half of a log-in or step-up: the one-time code."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.identity.domain.codes import Purpose, done, typed_code, with_try
from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.domain.throttle import CODES, Tries
from services.identity.domain.tokens import new_token, token_hash
from services.identity.store.log_in_tables import AttemptRow, SignOnRow
from services.identity.store.log_ins import attempt_of
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import codes_counter
from services.identity.usecases.ports import PasswordHasher
from services.identity.usecases.visitor import Visitor
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """Somebody is logged in: the log-in's id, and the value of the device cookie from now on."""

    user_id: int
    sid: str = field(repr=False)
    device: str = field(repr=False)


def confirm_log_in(
    attempt: str,
    typed: str,
    *,
    visitor: Visitor,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> Confirmed:
    """Log in with the right code; raises RuleBroken for a wrong, old or used one. Five tries a log-in."""
    checked = _check(attempt, typed, Purpose.LOG_IN, messages=messages, hasher=hasher, uow=uow)
    with uow() as store:
        row, user = _finish(store, attempt, checked, messages)
        account = store.users.account(user)
        # Another log-in may have used up the first password, or an administrator the account, since the first half.
        if user.password_hash != row.password_hash or not account.may_log_in(store.now):
            raise RuleBroken("log_in_over")
        user.password_is_used = True
        return _signed_on(store, user, visitor)


def confirm_step_up(
    attempt: str, typed: str, *, sid: str, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]
) -> None:
    """Make a log-in fresh with the right code."""
    checked = _check(attempt, typed, Purpose.STEP_UP, messages=messages, hasher=hasher, uow=uow)
    with uow() as store:
        _, user = _finish(store, attempt, checked, messages)
        sign_on = store.log_ins.sign_on(sid)
        if sign_on is None or sign_on.ended_at is not None or sign_on.user_id != user.user_id:
            raise RuleBroken("log_in_over")
        sign_on.authenticated_at = store.now


def _check(
    attempt: str, typed: str, purpose: Purpose, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]
) -> str:
    """Count a try, then look at the code; returns the hash it was checked against."""
    with uow() as store:
        row = store.log_ins.attempt(token_hash(attempt))
        if row.purpose != purpose:
            raise RuleBroken("log_in_over")
        tried = with_try(attempt_of(row), store.now)
        try:
            store.log_ins.reserve([(codes_counter(messages, row.user_id), CODES)])
        except MustWait as wait:
            raise RuleBroken("account_locked") from wait
        store.log_ins.save_attempt(row, tried)
        stored = row.code_hash
    if stored is None or not hasher.verify(stored, typed_code(typed)):
        raise RuleBroken("wrong_code")
    return stored


def _finish(store: Store, attempt: str, checked: str, messages: Messages) -> tuple[AttemptRow, UserRow]:
    row = store.log_ins.attempt(token_hash(attempt))
    if row.code_hash != checked:
        raise RuleBroken("code_expired")
    store.log_ins.save_attempt(row, done(attempt_of(row), store.now))
    store.log_ins.take_back(codes_counter(messages, row.user_id), lambda _: Tries())
    return row, store.users.get(row.user_id)


def _signed_on(store: Store, user: UserRow, visitor: Visitor) -> Confirmed:
    # A new value each time: one that somebody else put into the browser is worth nothing after the log-in.
    sid, device = new_token(), new_token()
    store.log_ins.add_sign_on(SignOnRow(sid=sid, user_id=user.user_id, begun_at=store.now, authenticated_at=store.now))
    store.log_ins.note_device(user.user_id, token_hash(device), instead_of=visitor.device_hash)
    return Confirmed(user_id=user.user_id, sid=sid, device=device)
