"""The second half of a log-in or step-up: the second factor, whichever the user has."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import RuleBroken
from services.identity.domain.factors import after, with_password
from services.identity.domain.tokens import new_token, token_hash
from services.identity.store.log_in_tables import SignOnRow
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.check_code import check_proof, finish
from services.identity.usecases.messages import Messages
from services.identity.usecases.proofs import Proof
from services.identity.usecases.visitor import Visitor
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """Somebody is logged in: the log-in's id, and the value of the device cookie from now on."""

    user_id: int
    sid: str = field(repr=False)
    device: str = field(repr=False)


def confirm_log_in(
    attempt: str, proof: Proof, *, visitor: Visitor, messages: Messages, uow: UnitOfWork[Store]
) -> Confirmed:
    """Log in with the right proof; raises RuleBroken for a wrong, old or used one. Five tries a log-in."""
    found = check_proof(attempt, proof, Purpose.LOG_IN, messages=messages, uow=uow)
    with uow() as store:
        row, user, refused = finish(store, attempt, proof, found, messages)
        account = store.users.account(user)
        # Another log-in may have used up the first password, or an administrator the account, since the first half.
        if refused is None and (user.password_hash != row.password_hash or not account.may_log_in(store.now)):
            raise RuleBroken("log_in_over")
        if refused is None:
            user.password_is_used = True
            return sign_on(store, user, visitor, with_password(proof.method))
    raise refused


def confirm_step_up(attempt: str, proof: Proof, *, sid: str, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Make a log-in fresh with the right proof."""
    found = check_proof(attempt, proof, Purpose.STEP_UP, messages=messages, uow=uow)
    with uow() as store:
        _, user, refused = finish(store, attempt, proof, found, messages)
        row = store.log_ins.sign_on(sid)
        if refused is None:
            if row is None or row.ended_at is not None or row.user_id != user.user_id:
                raise RuleBroken("log_in_over")
            row.authenticated_at = store.now
            row.amr = " ".join(after(row.amr.split(), proof.method))
    if refused is not None:
        raise refused


def sign_on(store: Store, user: UserRow, visitor: Visitor, amr: tuple[str, ...]) -> Confirmed:
    """Begin a log-in of somebody who has proved themselves in these ways."""
    # A new value each time: one that somebody else put into the browser is worth nothing after the log-in.
    sid, device = new_token(), new_token()
    row = SignOnRow(sid=sid, user_id=user.user_id, begun_at=store.now, authenticated_at=store.now, amr=" ".join(amr))
    row.browser, row.system = visitor.browser.name, visitor.browser.system
    store.log_ins.add_sign_on(row)
    store.log_ins.note_device(user.user_id, token_hash(device), instead_of=visitor.device_hash)
    return Confirmed(user_id=user.user_id, sid=sid, device=device)
