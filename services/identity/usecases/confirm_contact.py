"""Prove the new mobile number or e-mail address, and put it into the account."""

from __future__ import annotations

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.store.store import Store, taken
from services.identity.usecases.acting import log_own_act
from services.identity.usecases.change_contact import wanted_details
from services.identity.usecases.check_code import check_proof, finish
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from services.identity.usecases.proofs import Found, SmsCode
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork


def confirm_contact(
    attempt: str,
    kind: Purpose,
    typed: str,
    *,
    sid: str,
    messages: Messages,
    hasher: PasswordHasher,
    uow: UnitOfWork[Store],
) -> None:
    """Change the account with the right code, and tell the old number or address; raises RuleBroken."""
    proof = SmsCode(typed, hasher)
    found = check_proof(attempt, proof, kind, messages=messages, uow=uow)
    try:
        with uow() as store:
            _change(store, attempt, sid, proof, found, messages)
    except ConstraintBroken as error:
        # Another account has it, which nobody is told: it is as if the code had been wrong.
        raise (RuleBroken("wrong_code") if taken(error) else error) from error


def _change(store: Store, attempt: str, sid: str, proof: SmsCode, found: Found, messages: Messages) -> None:
    row, user, refused = finish(store, attempt, proof, found, messages)
    if refused is not None:
        raise refused
    sign_on = store.log_ins.sign_on(sid)
    is_own = sign_on is not None and sign_on.ended_at is None and sign_on.user_id == user.user_id
    if not is_own or user.password_hash != row.password_hash:
        raise RuleBroken("log_in_over")
    old, new = messages.seals.details_of(user), wanted_details(row, user, messages)
    messages.seals.write_user(user, new)
    store.session.flush()
    send = messages.send_sms if row.purpose == Purpose.MOBILE else messages.send_mail
    send(store, old, f"message.contact_changed.{row.purpose}", language=user.language)
    log_own_act(store, user.user_id, "contact", {row.purpose: "replaced"})
