"""A letter no mailbox has taken: the secretariat prints and addresses it, and says when it is posted."""

from __future__ import annotations

from collections.abc import Mapping

from services.reservation.domain.case import BY_HAND, LetterState
from services.reservation.domain.errors import NotFound, RuleBroken
from services.reservation.domain.registry import Registry
from services.reservation.store.store import Store
from services.reservation.store.tables import CaseRow
from services.reservation.usecases.acting import note
from services.reservation.usecases.confirm import LETTER_JOB
from services.reservation.usecases.numbers import Numbers
from services.reservation.usecases.ports import Letter
from services.reservation.usecases.write_letter import facts_of, write_letter
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def print_letter(case_id: str, *, by: Principal, registries: Mapping[str, Registry], uow: UnitOfWork[Store]) -> Letter:
    """The letter for the printer."""
    with uow() as store:
        row = _waiting(store, case_id, by)
        facts = facts_of(store, row)
        note(store, row, "print_letter", by)
    return write_letter(facts, registries)


def read_recipient(case_id: str, *, by: Principal, numbers: Numbers, uow: UnitOfWork[Store]) -> str:
    """The number of the person, by which the address is found in the population register; every look is logged."""
    with uow() as store:
        row = _waiting(store, case_id, by)
        note(store, row, "read_recipient", by)
        return numbers.open(row.sealed_number or b"", place=f"case:{case_id}")


def send_again(case_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Try the mailbox once more, when what made it refuse the letter has been put right."""
    with uow() as store:
        row = _waiting(store, case_id, by)
        if row.letter != LetterState.REFUSED:
            raise RuleBroken("no_letter_refused")
        row.letter = LetterState.DUE
        store.enqueue(LETTER_JOB, key=f"letter:{case_id}:{store.now.isoformat()}", case_id=case_id)
        note(store, row, "send_letter_again", by)


def note_posted(case_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """The letter is out: the number is erased."""
    with uow() as store:
        row = _waiting(store, case_id, by)
        row.letter, row.sealed_number = LetterState.POSTED, None
        note(store, row, "letter_posted", by)


def _waiting(store: Store, case_id: str, by: Principal) -> CaseRow:
    row = store.case(case_id)
    if by.registry is None or row.registry_key != by.registry:
        raise NotFound
    if row.letter not in BY_HAND:
        raise RuleBroken("no_letter_to_print")
    return row
