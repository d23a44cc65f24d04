"""The daily and hourly housekeeping."""

from __future__ import annotations

from services.identity.store.housekeeping import purge
from services.identity.store.store import Store
from services.identity.usecases.ports import KeyFolder
from shared.outbox.unit_of_work import UnitOfWork


def remove_what_is_over(*, uow: UnitOfWork[Store]) -> int:
    """Delete codes, counters, tokens and log-ins that are over; returns how many rows."""
    with uow() as store:
        return purge(store.session, store.now)


def rotate_keys(*, keys: KeyFolder) -> bool:
    """Make the next signing key when it is time and delete old ones; tells whether one was made."""
    made = keys.make_next_if_due()
    keys.remove_over()
    return made
