"""Choose registry, organisation and role ("Prosjektoversikt")."""

from __future__ import annotations

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.tokens import new_token
from services.identity.store.log_in_tables import SignOnRow
from services.identity.store.store import Store
from services.identity.usecases.sessions import end_one
from shared.outbox.unit_of_work import UnitOfWork


def choose_role(sid: str, role_id: int, *, uow: UnitOfWork[Store]) -> str:
    """Put the choice into the log-in and return its id, which is a new one when the choice changes.

    Clients that have a session from the old choice are told that it is over; they fetch a new one without the user
    having to log in again.
    """
    with uow() as store:
        row = store.log_ins.sign_on(sid)
        if row is None or row.ended_at is not None:
            raise RuleBroken("log_in_over")
        user = store.users.get(row.user_id)
        if user.password_is_first:
            raise RuleBroken("password_must_be_replaced")
        role = store.users.role(role_id)
        if role is None or role.user_id != row.user_id:
            raise NotFound
        if row.role_id in {None, role_id}:
            row.role_id = role_id
            return sid
        return _moved(store, row, role_id)


def _moved(store: Store, row: SignOnRow, role_id: int) -> str:
    sid = new_token()
    store.log_ins.add_sign_on(
        SignOnRow(
            sid=sid,
            user_id=row.user_id,
            begun_at=row.begun_at,
            authenticated_at=row.authenticated_at,
            role_id=role_id,
            amr=row.amr,
            browser=row.browser,
            system=row.system,
            used_at=row.used_at,
        )
    )
    row.is_moved = True
    end_one(store, row)
    return sid
