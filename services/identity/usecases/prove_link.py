"""The code behind a link to a new password: one leaked channel alone opens nothing."""

from __future__ import annotations

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.store.store import Store
from services.identity.usecases.check_code import check_proof, finish
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import open_attempt
from services.identity.usecases.ports import PasswordHasher
from services.identity.usecases.proofs import SmsCode
from shared.outbox.unit_of_work import UnitOfWork


def prove_link(link: str, typed: str, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]) -> str:
    """Use up the link with the right code; returns the secret of the browser that typed it, raises RuleBroken.

    The link opens nothing from now on, for whoever else may have read it; the time it had left goes on counting.
    """
    proof = SmsCode(typed, hasher)
    found = check_proof(link, proof, Purpose.LINK, messages=messages, uow=uow)
    with uow() as store:
        row, user, refused = finish(store, link, proof, found, messages)
        if refused is not None:
            raise refused
        if user.password_hash != row.password_hash or not store.users.account(user).is_open:
            raise RuleBroken("link_over")
        secret, _ = open_attempt(store, user, Purpose.PASSWORD, begun_at=row.begun_at)
        return secret
