"""A passkey that gave a right answer: its counter of signatures moves on, or the passkey is not trusted."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.domain.passkeys import has_gone_back
from services.identity.store.store import Store
from services.identity.usecases.acting import log_own_act


def use_passkey(store: Store, passkey_id: int, user_id: int, sign_count: int) -> RuleBroken | None:
    """Note the use; tells what speaks against it, which stands in the log if the counter went back."""
    row = store.factors.passkey(passkey_id)
    if row is None or row.user_id != user_id:
        return RuleBroken("passkey_refused")
    if has_gone_back(sign_count, row.sign_count):
        change = {"factor": "passkey_refused", "sign_count": [row.sign_count, sign_count]}
        log_own_act(store, user_id, "factors", change)
        return RuleBroken("passkey_refused")
    row.sign_count, row.used_at = sign_count, store.now
    return None
