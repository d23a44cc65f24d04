"""The receipt for an erasure."""

from __future__ import annotations

from services.identity.store.store import Store
from shared.contracts.identity import PersonErased
from shared.outbox.unit_of_work import UnitOfWork


def confirm_nothing_held(case_id: str, *, uow: UnitOfWork[Store]) -> None:
    """Say that identity holds nothing on the registered person of a case.

    Identity knows staff, never patients: none of its tables has a PID, a national number or a hash of one, so there is
    nothing to look for and nothing to erase. A test keeps it so. The receipt is sent all the same, because a case
    closes only when every service has answered.
    """
    with uow() as store:
        store.emit(PersonErased(case_id=case_id))
