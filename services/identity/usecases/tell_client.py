"""Tell a client that a log-in is over."""

from __future__ import annotations

from services.identity.store.store import Store
from services.identity.usecases.claims import LOGOUT_TYPE, logout_claims
from services.identity.usecases.ports import ClientChannel, TokenSigner
from shared.outbox.unit_of_work import UnitOfWork


def tell_client(
    notice_id: str, *, issuer: str, signer: TokenSigner, channel: ClientChannel, uow: UnitOfWork[Store]
) -> None:
    """Deliver one notice and forget it; told twice, the client finds nothing to end the second time."""
    with uow() as store:
        row = store.grants.notice(notice_id)
        if row is None:
            return
        claims = logout_claims(issuer=issuer, client_id=row.client_id, sid=row.sid, user_id=row.user_id, now=store.now)
    channel.tell(row.client_id, signer.sign(claims, token_type=LOGOUT_TYPE))
    with uow() as store:
        store.grants.remove_notice(notice_id)
