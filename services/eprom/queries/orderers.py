"""Who a key belongs to."""

from __future__ import annotations

import hmac

from services.eprom.domain.links import token_hash
from services.eprom.store.outside import orderer_with_hash
from services.eprom.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


def orderer_with_key(key: str, *, uow: UnitOfWork[Store]) -> str | None:
    """The name of the orderer with this key, if it still may order."""
    digest = token_hash(key)
    with uow.reading() as store:
        row = orderer_with_hash(store, digest)
        is_theirs = row is not None and row.removed_at is None and hmac.compare_digest(row.key_hash, digest)
        return row.name if row is not None and is_theirs else None
