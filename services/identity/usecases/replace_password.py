"""Choose a new password after link and code were right."""

from __future__ import annotations

from services.identity.domain.codes import Purpose, check_open
from services.identity.domain.errors import RuleBroken
from services.identity.domain.throttle import Tries
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.log_ins import attempt_of
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.accounts import Hashed, old_password_counter, set_password
from services.identity.usecases.acting import log_own_act
from services.identity.usecases.ask_for_link import links_counter
from services.identity.usecases.change_password import check_new
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher, PasswordStrength
from services.identity.usecases.sessions import end_all
from shared.outbox.unit_of_work import UnitOfWork


def replace_password(
    proof: str,
    new: str,
    *,
    messages: Messages,
    hasher: PasswordHasher,
    strength: PasswordStrength,
    uow: UnitOfWork[Store],
) -> None:
    """Set the password and end all log-ins; `proof` is what `prove_link` gave. Raises FormRefused or RuleBroken."""
    with uow() as store:
        _, user = _proven(store, proof)
        details = messages.seals.details_of(user)
    check_new(new, details, strength)
    hashed = Hashed(password=new, stored=hasher.hash(new), is_first=False)
    with uow() as store:
        row, user = _proven(store, proof)
        row.is_done = True
        set_password(store, user, hashed)
        account = messages.seals.counter_hash("account", user.user_name_hash)
        links, old = links_counter(messages.seals, user.user_name_hash), old_password_counter(messages, user.user_id)
        for counter in (account, links, old):
            store.log_ins.take_back(counter, lambda _: Tries())
        end_all(store, user.user_id)
        messages.send_mail(store, details, "message.password_changed", language=user.language)
        messages.send_sms(store, details, "message.password_replaced", language=user.language)
        log_own_act(store, user.user_id, "password", {"password": "replaced by link"})


def _proven(store: Store, proof: str) -> tuple[AttemptRow, UserRow]:
    row = store.log_ins.attempt(token_hash(proof))
    check_open(attempt_of(row), store.now)
    user = store.users.get(row.user_id)
    is_same = row.purpose == Purpose.PASSWORD and user.password_hash == row.password_hash
    if not is_same or not store.users.account(user).is_open:
        raise RuleBroken("link_over")
    return row, user
