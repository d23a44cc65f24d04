"""Make new recovery codes for the own account."""

from __future__ import annotations

from services.identity.domain.recovery_codes import new_codes
from services.identity.store.store import Store
from services.identity.usecases.factor_changes import fresh_owner, note_change
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher
from shared.outbox.unit_of_work import UnitOfWork


def make_recovery_codes(sid: str, *, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]) -> list[str]:
    """Ten codes in place of the old ones, to be shown this once."""
    with uow() as store:
        fresh_owner(store, sid)
    codes = new_codes()
    hashes = {code.number: hasher.hash(code.secret) for code in codes}
    with uow() as store:
        user = fresh_owner(store, sid)
        store.factors.replace_codes(user.user_id, hashes)
        note_change(store, user, "recovery_codes_made", messages)
    return [code.shown for code in codes]
