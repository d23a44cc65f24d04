"""Who the bearer of an access token is now."""

from __future__ import annotations

from collections.abc import Sequence

from services.identity.domain.errors import RuleBroken
from services.identity.domain.sign_on import Facts
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


def read_userinfo(sid: str, token_ids: Sequence[str], *, seals: Seals, uow: UnitOfWork[Store]) -> Facts:
    """Facts of a log-in that is live; raises RuleBroken, also if the token's own id or that of its family is void."""
    with uow() as store:
        facts = store.facts(sid, seals)
        if facts is None or any(store.grants.is_void(token_id) for token_id in token_ids):
            raise RuleBroken("token_expired")
        return facts
