"""Give a user a new first password, or switch the account on again with one."""

from __future__ import annotations

from services.identity.domain.account import checked_reason, reactivated
from services.identity.domain.errors import RuleBroken
from services.identity.domain.password import first_password
from services.identity.domain.throttle import Tries
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.accounts import Hashed, old_password_counter, send_first_password, set_password
from services.identity.usecases.acting import administrator, check_whole_account, log_act, visible_roles
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import codes_counter
from services.identity.usecases.ports import PasswordHasher
from services.identity.usecases.sessions import end_all
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def reset_password(
    user_id: int, *, reason: str, by: Principal, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]
) -> None:
    """Send a first password to the user's own mobile, end all log-ins and open what wrong codes had closed.

    What the user had beside SMS is removed: it may be in the hands of whoever made the reset necessary.
    """
    reason, secret = checked_reason(reason), new_first(hasher)
    with uow() as store:
        admin = administrator(store, by)
        visible_roles(store, admin, user_id)
        if admin.user_id == user_id:
            raise RuleBroken("own_access")
        start_anew(store, store.users.get(user_id), secret, messages)
        log_act(store, by, f"user:{user_id}/password", reason=reason, change={"password": "reset"})


def reactivate_user(
    user_id: int, *, reason: str, by: Principal, messages: Messages, hasher: PasswordHasher, uow: UnitOfWork[Store]
) -> None:
    """Switch an account on again; the old password is gone, a first one is sent."""
    reason, secret = checked_reason(reason), new_first(hasher)
    with uow() as store:
        admin = administrator(store, by)
        check_whole_account(store, admin, user_id)
        row = store.users.get(user_id)
        row.status = reactivated(store.users.account(row), is_own=admin.user_id == user_id).status.value
        row.closed_because = None
        store.users.note_use(user_id)
        start_anew(store, row, secret, messages)
        log_act(store, by, f"user:{user_id}", reason=reason, change={"status": ["deactivated", "active"]})


def new_first(hasher: PasswordHasher) -> Hashed:
    """A random first password, hashed."""
    secret = first_password()
    return Hashed(password=secret, stored=hasher.hash(secret), is_first=True)


def start_anew(store: Store, row: UserRow, secret: Hashed, messages: Messages) -> None:
    """Let the user begin with a first password by SMS: nothing of what opened the account until now counts."""
    set_password(store, row, secret)
    send_first_password(store, row, secret, messages)
    store.factors.remove_all(row.user_id)
    store.links.remove(row.user_id)
    account = messages.seals.counter_hash("account", row.user_name_hash)
    for counter in (codes_counter(messages, row.user_id), old_password_counter(messages, row.user_id), account):
        store.log_ins.take_back(counter, lambda _: Tries())
    end_all(store, row.user_id)
