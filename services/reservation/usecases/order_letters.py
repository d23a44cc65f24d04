"""Once a day: order the letters anew that should be out and are not, in case a mailbox provider was long away."""

from __future__ import annotations

from services.reservation.store.store import Store
from services.reservation.usecases.confirm import LETTER_JOB
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def order_letters(*, uow: UnitOfWork[Store]) -> None:
    """One job a case and day; a letter goes out once, however many jobs there are."""
    with uow() as store:
        today = oslo(store.now).date().isoformat()
        for case_id in store.cases_without_letter():
            store.enqueue(LETTER_JOB, key=f"letter:{case_id}:{today}", case_id=case_id)
