"""Ask a browser for a passkey: as second factor, or instead of user name and password."""

from __future__ import annotations

from services.identity.domain.codes import check_open
from services.identity.domain.errors import RuleBroken
from services.identity.domain.passkeys import Ceremony, Challenge
from services.identity.domain.tokens import token_hash
from services.identity.store.factors import known_passkey
from services.identity.store.log_ins import attempt_of
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from services.identity.usecases.ports import Passkeys
from shared.outbox.unit_of_work import UnitOfWork


def ask_for_second(attempt: str, *, seals: Seals, passkeys: Passkeys, uow: UnitOfWork[Store]) -> Challenge:
    """Ask for one of the user's passkeys in a log-in or step-up that is begun; raises RuleBroken."""
    with uow() as store:
        row = store.log_ins.attempt(token_hash(attempt))
        check_open(attempt_of(row), store.now)
        known = [known_passkey(found, seals) for found in store.factors.passkeys(row.user_id)]
        if not known:
            raise RuleBroken("passkey_refused")
        challenge = passkeys.ask(known)
        store.factors.add_challenge(challenge.value, Ceremony.SECOND, row.user_id)
        return challenge


def ask_for_any(*, passkeys: Passkeys, uow: UnitOfWork[Store]) -> Challenge:
    """Ask for any passkey made here; it tells whose it is."""
    challenge = passkeys.ask([])
    with uow() as store:
        store.factors.add_challenge(challenge.value, Ceremony.ALONE, None)
    return challenge
