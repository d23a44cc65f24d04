"""The daily and hourly housekeeping."""

from __future__ import annotations

from services.identity.domain.sign_on import LASTS
from services.identity.store.housekeeping import purge
from services.identity.store.store import Store
from services.identity.usecases.ports import KeyFolder
from services.identity.usecases.sessions import end_one
from shared.outbox.unit_of_work import UnitOfWork


def remove_what_is_over(*, uow: UnitOfWork[Store]) -> int:
    """End log-ins whose time is over, so that their clients hear it, and delete what is old; returns how many rows."""
    with uow() as store:
        for row in store.log_ins.overdue_sign_ons():
            end_one(store, row)
            row.ended_at = row.begun_at + LASTS
        return purge(store.session, store.now)


def rotate_keys(*, keys: KeyFolder) -> bool:
    """Make the next signing key when it is time and delete old ones; tells whether one was made."""
    made = keys.make_next_if_due()
    keys.remove_over()
    return made
