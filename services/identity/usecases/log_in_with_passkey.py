"""Log in with a passkey alone: the device verifies its owner, so that it stands for both factors."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.domain.factors import alone
from services.identity.domain.passkeys import Ceremony
from services.identity.domain.throttle import ADDRESS, take_back
from services.identity.store.factors import known_passkey
from services.identity.store.store import Store
from services.identity.usecases.confirm_code import Confirmed, sign_on
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import check_not_closed
from services.identity.usecases.ports import Passkeys
from services.identity.usecases.used_passkey import use_passkey
from services.identity.usecases.visitor import Visitor
from shared.outbox.unit_of_work import UnitOfWork


def log_in_with_passkey(
    challenge: str,
    answer: str,
    *,
    visitor: Visitor,
    messages: Messages,
    passkeys: Passkeys,
    uow: UnitOfWork[Store],
) -> Confirmed:
    """Log in with the right answer; raises MustWait, or RuleBroken for whatever is wrong."""
    seals, counter = messages.seals, messages.seals.counter_hash("address", visitor.address)
    with uow() as store:
        store.log_ins.reserve([(counter, ADDRESS)])
        is_good = store.factors.take_challenge(challenge, Ceremony.ALONE, None)
        found = store.factors.passkey_with(passkeys.credential_of(answer))
        known = known_passkey(found, seals) if found is not None and is_good else None
    if found is None or known is None:
        raise RuleBroken("passkey_refused")
    count = passkeys.check(challenge, answer, known, is_alone=True)
    with uow() as store:
        user = store.users.get(found.user_id)
        refused = use_passkey(store, found.passkey_id, user.user_id, count)
        if refused is None:
            if not store.users.account(user).may_log_in(store.now):
                raise RuleBroken("passkey_refused")
            check_not_closed(store, user, messages)
            store.log_ins.take_back(counter, take_back)
            return sign_on(store, user, visitor, alone())
    raise refused
