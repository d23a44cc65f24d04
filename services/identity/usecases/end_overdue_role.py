"""End a role whose time is over."""

from __future__ import annotations

from services.identity.store.store import Store
from services.identity.usecases.accounts import withdraw
from services.identity.usecases.acting import CALENDAR, log_act
from shared.outbox.unit_of_work import UnitOfWork


def end_overdue_role(role_id: int, *, uow: UnitOfWork[Store]) -> None:
    """Take the role away and tell the other services. One that was prolonged, ended or taken before is left alone."""
    with uow() as store:
        row = store.users.role_to_end(role_id)
        if row is None:
            return
        withdraw(store, row, by=None)
        log_act(
            store, CALENDAR, f"user:{row.user_id}/role", reason="its time is over", change={"role": [row.role, None]}
        )
