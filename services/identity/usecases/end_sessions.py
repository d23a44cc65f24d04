"""End log-ins of a user: all of them, or some of one's own."""

from __future__ import annotations

from collections.abc import Callable

from services.identity.domain.account import checked_reason
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import SignOnRow
from services.identity.store.store import Store
from services.identity.usecases.acting import administrator, log_act, visible_roles
from services.identity.usecases.sessions import end_all, end_one
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


def end_own_session(user_id: int, handle: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """End one log-in of one's own account; the handle of another's or of one that is over ends nothing."""
    _end(user_id, lambda row: token_hash(row.sid) == handle, by, uow)


def end_other_sessions(user_id: int, sid: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """End every log-in of one's own account but this one."""
    _end(user_id, lambda row: row.sid != sid, by, uow)


def _end(user_id: int, is_meant: Callable[[SignOnRow], bool], by: Principal, uow: UnitOfWork[Store]) -> None:
    with uow() as store:
        ended = [row for row in store.log_ins.live_sign_ons(user_id) if is_meant(row)]
        for row in ended:
            end_one(store, row)
            store.log_ins.end_pages(row.sid)
        if ended:
            log_act(store, by, f"user:{user_id}/sessions", reason="own", change={"ended": len(ended)})
