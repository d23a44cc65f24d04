"""Send the link to a new password, or say whom to ask."""

from __future__ import annotations

from services.identity.domain.codes import ATTEMPT_LIVES, Purpose
from services.identity.domain.throttle import CODES, is_capped
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.acting import log_own_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import codes_counter, open_attempt
from shared.outbox.unit_of_work import UnitOfWork


def send_link(user_name_hash: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Write to the owner of the user name, if it is one; run twice, it sends a second link."""
    with uow() as store:
        user = store.users.find(user_name_hash)
        if user is None:
            return
        details = messages.seals.details_of(user)
        if not _may_have_link(store, user, messages):
            messages.send_mail(store, details, "message.no_link", language=user.language)
            return
        link, _ = open_attempt(store, user, Purpose.LINK)
        messages.send_mail(store, details, "message.link", language=user.language, useful_for=ATTEMPT_LIVES, link=link)
        log_own_act(store, user.user_id, "password", {"link": "sent"})


def _may_have_link(store: Store, user: UserRow, messages: Messages) -> bool:
    is_closed = is_capped(store.log_ins.tries(codes_counter(messages, user.user_id)), CODES)
    return store.users.account(user).is_open and not is_closed
