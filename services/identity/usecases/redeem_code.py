"""Exchange an authorization code or a refresh token; each works once, and a second use ends all that came from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.identity.domain.errors import RuleBroken
from services.identity.domain.sign_on import Facts
from services.identity.domain.tokens import (
    REFRESH_LIVES,
    Refresh,
    TokenStolen,
    check_code,
    check_refresh,
    new_token,
    token_hash,
)
from services.identity.store.log_in_tables import CodeRow, RefreshRow
from services.identity.store.seals import Seals
from services.identity.store.store import Store
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Redeemed:
    """What a code or refresh token stood for; `redirect_uri`, `nonce` and `challenge` are empty for the latter.

    Tokens say they were issued `at`: a log-in that ends later makes them void.
    """

    client_id: str
    scope: str
    family: str = field(repr=False)
    facts: Facts
    at: datetime
    redirect_uri: str = ""
    nonce: str = field(default="", repr=False)
    challenge: str = field(default="", repr=False)


def redeem_code(code: str, client_id: str, *, seals: Seals, uow: UnitOfWork[Store]) -> Redeemed:
    """Use up a code, whatever else is wrong with the request; raises RuleBroken."""
    with uow() as store:
        row = store.grants.code(token_hash(code))
        if row is None or row.client_id != client_id:
            raise RuleBroken("code_unknown")
        refused = _refusal_of_code(store, row)
        row.used_at = store.now
        facts, at = store.facts(row.sid, seals) if refused is None else None, store.now
    if refused is not None:
        raise refused
    if facts is None:
        raise RuleBroken("log_in_over")
    return Redeemed(
        client_id=client_id,
        scope=row.scope,
        family=row.family,
        facts=facts,
        at=at,
        redirect_uri=row.redirect_uri,
        nonce=row.nonce,
        challenge=row.challenge,
    )


def redeem_refresh(token: str, client_id: str, *, seals: Seals, uow: UnitOfWork[Store]) -> Redeemed:
    """Use up a refresh token; raises RuleBroken, and ends the family if it was used before."""
    with uow() as store:
        row = store.grants.refresh(token_hash(token))
        if row is None or row.client_id != client_id:
            raise RuleBroken("token_unknown")
        refused = _refusal_of_refresh(store, row)
        facts, at = None, store.now
        if refused is None:
            row.used_at = store.now
            facts = store.facts(row.sid, seals)
    if refused is not None:
        raise refused
    if facts is None:
        raise RuleBroken("log_in_over")
    return Redeemed(client_id=client_id, scope=row.scope, family=row.family, facts=facts, at=at)


def keep_grant(redeemed: Redeemed, *, is_offline: bool, uow: UnitOfWork[Store]) -> str | None:
    """Note that the client has tokens now, and store the family's next refresh token if it may have one.

    Raises RuleBroken if the log-in or the family ended since the code or token was used up.
    """
    with uow() as store:
        is_over = store.grants.is_family_over(redeemed.family)
        sign_on = store.log_ins.sign_on(redeemed.facts.sid)
        if is_over or sign_on is None or sign_on.ended_at is not None:
            raise RuleBroken("log_in_over")
        store.grants.note_client(redeemed.facts.sid, redeemed.client_id)
        if not is_offline:
            return None
        token = new_token()
        row = RefreshRow(
            token_hash=token_hash(token),
            family=redeemed.family,
            client_id=redeemed.client_id,
            scope=redeemed.scope,
            sid=redeemed.facts.sid,
            expires_at=store.now + REFRESH_LIVES,
        )
        store.grants.add(row)
        return token


def _refusal_of_code(store: Store, row: CodeRow) -> RuleBroken | None:
    try:
        check_code(is_used=row.used_at is not None, expires_at=row.expires_at, now=store.now)
    except TokenStolen as stolen:
        store.grants.revoke_family(row.family)
        return stolen
    except RuleBroken as broken:
        return broken
    return None


def _refusal_of_refresh(store: Store, row: RefreshRow) -> RuleBroken | None:
    refresh = Refresh(expires_at=row.expires_at, is_used=row.used_at is not None, is_revoked=row.revoked_at is not None)
    try:
        check_refresh(refresh, store.now)
    except TokenStolen as stolen:
        store.grants.revoke_family(row.family)
        return stolen
    except RuleBroken as broken:
        return broken
    return None
