"""Change the own mobile number or e-mail address: the new one is proven by a code sent to it."""

from __future__ import annotations

from dataclasses import replace

from services.identity.domain.application import Conflict, Details
from services.identity.domain.codes import LIVES, Purpose
from services.identity.domain.contact import email_address, mobile_number
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.factor_changes import fresh_owner
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import Code, check_not_closed, open_attempt, renew
from services.identity.usecases.ports import PasswordHasher
from shared.outbox.unit_of_work import UnitOfWork


def change_contact(
    sid: str, kind: Purpose, typed: str, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]
) -> str:
    """Send a code to the new number or address, and return the attempt; raises FormRefused or RuleBroken.

    The answer is the same for one that another account has; its owner is told instead, and no code is sent.
    """
    wanted, code = _read(kind, typed), Code.new(hasher)
    with uow() as store:
        user = fresh_owner(store, sid)
        check_not_closed(store, user, messages)
        if getattr(messages.seals.details_of(user), kind) == wanted:
            raise FormRefused({kind.value: "contact_unchanged"})
        sealed = messages.seals.seal_wanted(wanted, user.user_id, kind)
        attempt, row = open_attempt(store, user, kind, wanted=sealed)
        _send(store, row, user, code, messages)
        return attempt


def send_contact_code(attempt: str, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]) -> None:
    """Send a new code to the same number or address; the old one is void and the tries stay counted."""
    code = Code.new(hasher)
    with uow() as store:
        row = store.log_ins.attempt(token_hash(attempt))
        _send(store, row, store.users.get(row.user_id), code, messages)


def wanted_details(row: AttemptRow, user: UserRow, messages: Messages) -> Details:
    """Who the user is after the change; raises RuleBroken for an attempt that changes nothing."""
    if row.wanted is None:
        raise RuleBroken("log_in_over")
    wanted = messages.seals.open_wanted(row.wanted, row.user_id, row.purpose)
    return replace(messages.seals.details_of(user), **{row.purpose: wanted})


def _read(kind: Purpose, typed: str) -> str:
    if not typed.strip():
        raise FormRefused({kind.value: "required"})
    found = mobile_number(typed) if kind is Purpose.MOBILE else email_address(typed)
    if found is None:
        raise FormRefused({kind.value: f"{kind.value}_malformed"})
    return found


def _send(store: Store, row: AttemptRow, user: UserRow, code: Code, messages: Messages) -> None:
    to = wanted_details(row, user, messages)
    renew(store, row, code)
    owner = store.users.owners(messages.seals.fingerprints(to)).get(Conflict(row.purpose), user.user_id)
    is_known = owner != user.user_id
    key, digits = ("message.contact_known", "") if is_known else ("message.contact_code", code.digits)
    send = messages.send_sms if row.purpose == Purpose.MOBILE else messages.send_mail
    send(store, to, f"{key}.{row.purpose}", language=user.language, useful_for=LIVES, code=digits)
