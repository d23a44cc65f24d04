"""Use up a client's signed assertion."""

from __future__ import annotations

from datetime import datetime

from services.identity.domain.errors import RuleBroken
from services.identity.domain.tokens import token_hash
from services.identity.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


def use_assertion(client_id: str, assertion_id: str, until: datetime, *, uow: UnitOfWork[Store]) -> None:
    """Remember an assertion until it is over anyway; raises RuleBroken if it was used before."""
    with uow() as store:
        if not store.grants.void(token_hash(f"assertion {client_id} {assertion_id}"), until):
            raise RuleBroken("assertion_used")
