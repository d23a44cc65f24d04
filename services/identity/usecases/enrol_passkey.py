"""Add a passkey to the own account."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.domain.passkeys import MOST, Ceremony, Challenge, read_name
from services.identity.store.factors import known_passkey
from services.identity.store.store import Store
from services.identity.usecases.factor_changes import fresh_owner, note_change
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import Passkeys
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import UnitOfWork


def offer_passkey(sid: str, *, messages: Messages, passkeys: Passkeys, uow: UnitOfWork[Store]) -> Challenge:
    """Ask for a new passkey, on a device that holds none of the user's yet; raises RuleBroken."""
    seals = messages.seals
    with uow() as store:
        user = fresh_owner(store, sid)
        known = [known_passkey(row, seals) for row in store.factors.passkeys(user.user_id)]
        if len(known) >= MOST:
            raise RuleBroken("too_many_passkeys")
        account = seals.details_of(user).user_name
        challenge = passkeys.enrol(account, handle=seals.passkey_handle(user.user_id), known=known)
        store.factors.add_challenge(challenge.value, Ceremony.ENROL, user.user_id)
        return challenge


def add_passkey(
    sid: str,
    challenge: str,
    answer: str,
    *,
    name: str,
    messages: Messages,
    passkeys: Passkeys,
    uow: UnitOfWork[Store],
) -> None:
    """Keep the passkey a device has made under the name given; raises RuleBroken, FormRefused for the name."""
    name = read_name(name)
    with uow() as store:
        user = fresh_owner(store, sid)
        is_good = store.factors.take_challenge(challenge, Ceremony.ENROL, user.user_id)
    if not is_good:
        raise RuleBroken("passkey_refused")
    made = passkeys.read_enrolment(challenge, answer)
    try:
        with uow() as store:
            user = fresh_owner(store, sid)
            if len(store.factors.passkeys(user.user_id)) >= MOST:
                raise RuleBroken("too_many_passkeys")
            store.factors.add_passkey(user.user_id, made, name, messages.seals)
            note_change(store, user, "passkey_added", messages)
    except ConstraintBroken as error:
        raise RuleBroken("passkey_refused") from error
