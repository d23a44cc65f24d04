"""Who the bearer of an access token is now."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.domain.sign_on import Facts
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


def read_userinfo(sid: str, token_id: str, *, seals: Seals, uow: UnitOfWork[Store]) -> Facts:
    """Facts of a log-in that is live and a token that was not handed back; raises RuleBroken."""
    with uow() as store:
        facts = store.facts(sid, seals)
        if facts is None or store.grants.is_access_revoked(token_id):
            raise RuleBroken("token_expired")
        return facts
