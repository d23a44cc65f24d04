"""Switch an account off."""

from __future__ import annotations

from services.identity.domain.account import checked_reason, deactivated
from services.identity.store.store import Store
from services.identity.usecases.acting import administrator, check_whole_account, log_act
from services.identity.usecases.sessions import end_all
from shared.auth.principal import Principal
from shared.contracts.identity import UserDeactivated
from shared.outbox.unit_of_work import UnitOfWork


def deactivate_user(user_id: int, *, reason: str, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Shut the user out everywhere at once; only the roles stay for the day the account is switched on again."""
    reason = checked_reason(reason)
    with uow() as store:
        admin = administrator(store, by)
        check_whole_account(store, admin, user_id)
        row = store.users.get(user_id)
        account = deactivated(store.users.account(row), is_own=admin.user_id == user_id)
        row.status = account.status.value
        store.factors.remove_all(user_id)
        store.emit(UserDeactivated(user_id=user_id))
        end_all(store, user_id)
        log_act(store, by, f"user:{user_id}", reason=reason, change={"status": ["active", "deactivated"]})
