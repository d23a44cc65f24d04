"""A client hands a token back."""

from __future__ import annotations

from datetime import datetime

from services.identity.domain.tokens import token_hash
from services.identity.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


def revoke_refresh(token: str, client_id: str, *, uow: UnitOfWork[Store]) -> bool:
    """End the family of a refresh token; tells whether it is one of the client's."""
    with uow() as store:
        row = store.grants.refresh(token_hash(token))
        if row is None or row.client_id != client_id:
            return False
        store.grants.revoke_family(row.family)
        return True


def revoke_access(token_id: str, expires_at: datetime, *, uow: UnitOfWork[Store]) -> None:
    """Refuse an access token here from now on; elsewhere it ends within its ten minutes."""
    with uow() as store:
        store.grants.void(token_id, expires_at)
