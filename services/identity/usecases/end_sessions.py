"""End all log-ins of a user."""

from __future__ import annotations

from services.identity.domain.account import checked_reason
from services.identity.store.store import Store
from services.identity.usecases.acting import administrator, log_act, visible_roles
from services.identity.usecases.sessions import end_all
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def end_sessions(user_id: int, *, reason: str, by: Principal, uow: UnitOfWork[Store]) -> None:
    """End every log-in of the user in all services; an administrator may do it for the own account as well."""
    reason = checked_reason(reason)
    with uow() as store:
        visible_roles(store, administrator(store, by), user_id)
        end_all(store, user_id)
        log_act(store, by, f"user:{user_id}/sessions", reason=reason, change={"sessions": "ended"})


def end_own_sessions(user_id: int, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """End every log-in of one's own account, this one included."""
    with uow() as store:
        end_all(store, user_id)
        log_act(store, by, f"user:{user_id}/sessions", reason="own", change={"sessions": "ended"})
