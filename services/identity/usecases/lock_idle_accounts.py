"""Warn the owners of accounts that are not used, and lock those that were not used for a year."""

from __future__ import annotations

from services.identity.domain.account import Status, deactivated
from services.identity.domain.inactivity import INACTIVE, Idle, IdleStep, due_idle_step
from services.identity.store.store import Store
from services.identity.store.tables import UserRow
from services.identity.usecases.acting import CALENDAR, log_act
from services.identity.usecases.messages import Messages
from services.identity.usecases.sessions import end_all
from services.identity.usecases.tell_role_end import last_day
from shared.contracts.identity import UserDeactivated
from shared.outbox.unit_of_work import UnitOfWork


def lock_idle_accounts(*, messages: Messages, uow: UnitOfWork[Store]) -> int:
    """Take each account one step on if one is due, each in a transaction of its own; returns how many."""
    with uow.reading() as store:
        user_ids = store.users.idle_ids()
    return sum(_advance(user_id, messages, uow) for user_id in user_ids)


def _advance(user_id: int, messages: Messages, uow: UnitOfWork[Store]) -> bool:
    with uow() as store:
        user = store.users.get(user_id)
        step = due_idle_step(_idle(user), store.now) if user.status == Status.ACTIVE else None
        if step is IdleStep.TELL_MONTH:
            user.idle_month_told_at = store.now
            _tell(store, user, messages)
        elif step is IdleStep.TELL_WEEK:
            user.idle_week_told_at = store.now
            _tell(store, user, messages)
        elif step is IdleStep.LOCK:
            _lock(store, user)
        return step is not None


def _idle(user: UserRow) -> Idle:
    return Idle(
        used_at=user.used_at or user.created_at,
        month_told_at=user.idle_month_told_at,
        week_told_at=user.idle_week_told_at,
    )


def _tell(store: Store, user: UserRow, messages: Messages) -> None:
    day = last_day(_idle(user).locks_at)
    messages.send_mail(store, messages.seals.details_of(user), "message.idle", language=user.language, day=day)


def _lock(store: Store, user: UserRow) -> None:
    user.status = deactivated(store.users.account(user), is_own=False).status.value
    user.closed_because = INACTIVE
    store.emit(UserDeactivated(user_id=user.user_id))
    end_all(store, user.user_id)
    change = {"status": ["active", "deactivated"]}
    log_act(store, CALENDAR, f"user:{user.user_id}", reason="not used for a year", change=change)
