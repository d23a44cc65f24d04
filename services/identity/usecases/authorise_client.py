"""Give a client an authorization code for a log-in."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.domain.errors import RuleBroken
from services.identity.domain.tokens import CODE_LIVES, new_token, token_hash
from services.identity.store.applications import new_id
from services.identity.store.log_in_tables import CodeRow
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a client's checked request binds the code to."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    challenge: str


def authorise_client(sid: str, asked: Asked, *, code: str | None = None, seals: Seals, uow: UnitOfWork[Store]) -> str:
    """Store a code for one minute and one use, and return it; raises RuleBroken if the log-in is not complete."""
    code = code or new_token()
    with uow() as store:
        if store.facts(sid, seals) is None:
            raise RuleBroken("log_in_over")
        row = CodeRow(
            code_hash=token_hash(code),
            family=new_id(),
            client_id=asked.client_id,
            redirect_uri=asked.redirect_uri,
            scope=asked.scope,
            nonce=asked.nonce,
            challenge=asked.challenge,
            sid=sid,
            expires_at=store.now + CODE_LIVES,
        )
        store.grants.add(row)
        return code
