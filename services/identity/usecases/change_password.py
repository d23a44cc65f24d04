"""Replace the own password."""

from __future__ import annotations

from services.identity.domain.application import Details
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.password import faults
from services.identity.domain.throttle import ACCOUNT, Tries
from services.identity.store.store import Store
from services.identity.usecases.accounts import Hashed, old_password_counter, set_password
from services.identity.usecases.acting import log_own_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.ports import PasswordHasher, PasswordStrength
from services.identity.usecases.sessions import end_all
from shared.outbox.unit_of_work import UnitOfWork


def change_password(
    user_id: int,
    old: str,
    new: str,
    *,
    sid: str,
    messages: Messages,
    hasher: PasswordHasher,
    strength: PasswordStrength,
    uow: UnitOfWork[Store],
) -> None:
    """Set a new password and end all other log-ins; raises MustWait, or FormRefused with what is wrong where."""
    counter = old_password_counter(messages, user_id)
    with uow() as store:
        user = store.users.get(user_id)
        details, stored = messages.seals.details_of(user), user.password_hash
        store.log_ins.reserve([(counter, ACCOUNT)])
    if not hasher.verify(stored, old):
        raise FormRefused({"old_password": "wrong_old_password"})
    check_new(new, details, strength, old=old)
    hashed = Hashed(password=new, stored=hasher.hash(new), is_first=False)
    with uow() as store:
        user = store.users.get(user_id)
        if user.password_hash != stored:
            raise RuleBroken("log_in_over")
        set_password(store, user, hashed)
        store.log_ins.take_back(counter, lambda _: Tries())
        end_all(store, user_id, but=sid)
        messages.send_mail(store, details, "message.password_changed", language=user.language)
        log_own_act(store, user_id, "password", {"password": "replaced"})


def check_new(new: str, details: Details, strength: PasswordStrength, *, old: str | None = None) -> None:
    """Raise FormRefused unless the password will do for this user."""
    known = [details.user_name, *details.full_name.split(), *details.email.split("@")]
    wrong = faults(new, user_name=details.user_name, is_common=strength.is_common(new, known=known))
    if new == old:
        wrong = ["password_unchanged"]
    if wrong:
        raise FormRefused({"new_password": wrong[0]})
