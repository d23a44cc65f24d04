"""Log in as the user whose account at an upstream provider somebody has just proved to be theirs."""

from __future__ import annotations

from services.identity.domain.errors import RuleBroken
from services.identity.domain.upstream import AMR
from services.identity.store.store import Store
from services.identity.usecases.confirm_code import Confirmed, sign_on
from services.identity.usecases.messages import Messages
from services.identity.usecases.one_time_code import check_not_closed
from services.identity.usecases.visitor import Visitor
from shared.outbox.unit_of_work import UnitOfWork


def log_in_upstream(
    subject_hash: str, *, visitor: Visitor, messages: Messages, uow: UnitOfWork[Store]
) -> Confirmed | None:
    """Log in the linked user; None if nobody is linked; raises RuleBroken if the user may not log in."""
    with uow() as store:
        user_id = store.links.user_of(subject_hash)
        if user_id is None:
            return None
        user = store.users.get(user_id)
        if not store.users.account(user).may_log_in(store.now):
            raise RuleBroken("upstream_refused")
        check_not_closed(store, user, messages)
        return sign_on(store, user, visitor, AMR)
