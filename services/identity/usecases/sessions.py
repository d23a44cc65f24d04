"""The end of log-ins: rows, refresh tokens, clients and the other services, all told in one transaction."""

from __future__ import annotations

from services.identity.store.log_in_tables import SignOnRow
from services.identity.store.store import Store
from shared.contracts.identity import SessionsRevoked

TELL_JOB = "tell_client"


def end_one(store: Store, row: SignOnRow) -> None:
    """End one log-in and have its clients told."""
    for client_id in store.log_ins.clients_of(row.sid):
        notice_id = store.grants.add_notice(client_id, row.sid, row.user_id)
        store.enqueue(TELL_JOB, key=f"notice:{notice_id}", notice_id=notice_id)
    store.log_ins.end(row)


def end_all(store: Store, user_id: int, *, but: str | None = None) -> None:
    """End all log-ins of a user, except `but`, and make everything issued until now void in all services."""
    for row in store.log_ins.live_sign_ons(user_id):
        if row.sid != but:
            end_one(store, row)
    store.emit(SessionsRevoked(user_id=user_id, not_before=store.void_before_now(user_id)))
