"""A service says that it has erased a person; the last one closes the case and has the letter made."""

from __future__ import annotations

from services.reservation.domain.case import CaseState, LetterState, with_receipt
from services.reservation.store.store import Store, case_of
from shared.outbox.unit_of_work import UnitOfWork

LETTER_JOB = "make_letter"


def confirm(case_id: str, service: str, *, uow: UnitOfWork[Store], projects: tuple[str, ...] = ()) -> None:
    """Keep a receipt. `projects` are those whose earlier deliveries held the person and cannot be called back."""
    with uow() as store:
        row = store.case(case_id)
        before = case_of(row, store.receipts(case_id))
        after = with_receipt(before, service)
        store.add_receipt(case_id, service, projects)
        if after.state is CaseState.CLOSED and before.state is not CaseState.CLOSED:
            row.state, row.closed_at = after.state, store.now
            if row.letter == LetterState.DUE:
                store.enqueue(LETTER_JOB, key=f"letter:{case_id}", case_id=case_id)
