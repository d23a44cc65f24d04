"""End one log-in."""

from __future__ import annotations

from services.identity.store.store import Store
from services.identity.usecases.sessions import end_one
from shared.outbox.unit_of_work import UnitOfWork


def log_out(sid: str, *, uow: UnitOfWork[Store]) -> None:
    """End the log-in and have all its clients told; one that is over already stays so."""
    with uow() as store:
        row = store.log_ins.sign_on(sid)
        if row is not None and row.ended_at is None:
            end_one(store, row)
