"""Add an authenticator app to the own account, and remove it."""

from __future__ import annotations

from services.identity.domain.app_codes import may_be_confirmed, new_secret, step_of
from services.identity.domain.codes import typed_code
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.store.factor_tables import AppRow
from services.identity.store.store import Store
from services.identity.usecases.factor_changes import fresh_owner, note_change
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork


def begin_app(sid: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Make a secret for an app; it counts when the first code of the app has shown that it is there."""
    with uow() as store:
        user = fresh_owner(store, sid)
        row = store.factors.app(user.user_id)
        if row is not None and row.confirmed_at is not None:
            raise RuleBroken("app_is_there")
        store.factors.remove_app(user.user_id)
        sealed = messages.seals.seal_app_secret(new_secret(), user_id=user.user_id)
        store.factors.add(AppRow(user_id=user.user_id, secret=sealed, begun_at=store.now))


def confirm_app(sid: str, typed: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Let the app count from now on; raises RuleBroken, or FormRefused for a wrong code."""
    with uow() as store:
        user = fresh_owner(store, sid)
        row = store.factors.app(user.user_id)
        if row is None or row.confirmed_at is not None or not may_be_confirmed(row.begun_at, store.now):
            raise RuleBroken("app_begun_is_over")
        secret = messages.seals.open_app_secret(row.secret, user_id=user.user_id)
        step = step_of(secret, typed_code(typed), store.now)
        if step is None:
            raise FormRefused({"code": "wrong_code"})
        row.confirmed_at, row.last_step = store.now, step
        note_change(store, user, "app_added", messages)


def remove_app(sid: str, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Forget the app; one that was never confirmed is forgotten without a word."""
    with uow() as store:
        user = fresh_owner(store, sid)
        if store.factors.remove_app(user.user_id):
            note_change(store, user, "app_removed", messages)
