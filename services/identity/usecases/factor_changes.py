"""What all changes of somebody's own second factors have in common: who may make them, the log, and the e-mail."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.store.log_ins import sign_on_of
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.acting import log_own_act
from services.identity.usecases.messages import Messages


def fresh_owner(store: Store, sid: str) -> UserRow:
    """The user of a log-in in which a second factor was given just now, locked for change; raises RuleBroken."""
    row = store.log_ins.sign_on(sid)
    if row is None or row.ended_at is not None:
        raise RuleBroken("log_in_over")
    user = store.users.get(row.user_id)
    sign_on = sign_on_of(row, must_replace_password=user.password_is_first, has_choice=True)
    if sign_on.must_replace_password or not sign_on.is_fresh(store.now):
        raise RuleBroken("factor_not_fresh")
    return user


def note_change(store: Store, user: UserRow, what: str, messages: Messages, **values: object) -> None:
    """Put a change into the log and tell the user by e-mail; `what` is the key of the sentence."""
    log_own_act(store, user.user_id, "factors", {"factor": what, **values})
    sentence = messages.words.text(f"message.factor.{what}", user.language, **values)
    details = messages.seals.details_of(user)
    messages.send_mail(store, details, "message.factor_changed", language=user.language, what=sentence)
