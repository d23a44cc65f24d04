"""Give a passkey of the own account another name, or remove it."""

from __future__ import annotations

from services.identity.domain.errors import NotFound
from services.identity.domain.passkeys import read_name
from services.identity.store.factor_tables import PasskeyRow
from services.identity.store.store import Store
from services.identity.usecases.factor_changes import fresh_owner, note_change
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork


def rename_passkey(sid: str, passkey_id: int, name: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Give a passkey another name; raises NotFound for a foreign one, FormRefused for the name."""
    name = read_name(name)
    with uow() as store:
        user = fresh_owner(store, sid)
        row = _own(store, passkey_id, user.user_id)
        row.name = messages.seals.seal_passkey_name(name, credential_hash=row.credential_hash)
        note_change(store, user, "passkey_renamed", messages)


def remove_passkey(sid: str, passkey_id: int, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Forget a passkey; raises NotFound for a foreign one."""
    with uow() as store:
        user = fresh_owner(store, sid)
        store.factors.remove_passkey(_own(store, passkey_id, user.user_id))
        note_change(store, user, "passkey_removed", messages)


def _own(store: Store, passkey_id: int, user_id: int) -> PasskeyRow:
    row = store.factors.passkey(passkey_id)
    if row is None or row.user_id != user_id:
        raise NotFound
    return row
