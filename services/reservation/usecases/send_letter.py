"""Send the letter of a closed case, and forget the number; without a mailbox the secretariat posts it."""

from __future__ import annotations

from collections.abc import Mapping

from services.reservation.domain.case import LetterState
from services.reservation.domain.registry import Registry
from services.reservation.store.store import Store
from services.reservation.store.tables import CaseRow
from services.reservation.usecases.numbers import Numbers
from services.reservation.usecases.ports import Letter, LetterRefused, Mailbox
from services.reservation.usecases.write_letter import facts_of, write_letter
from shared.audit.log import Access
from shared.observability.log import get_logger
from shared.outbox.unit_of_work import UnitOfWork

_log = get_logger(__name__)


def send_letter(
    case_id: str, *, mailbox: Mailbox, numbers: Numbers, registries: Mapping[str, Registry], uow: UnitOfWork[Store]
) -> None:
    """Send it once; nothing when it is out already. One that is refused stays so. Raises OutsideUnavailable."""
    with uow() as store:
        row = store.case(case_id)
        if row.letter != LetterState.DUE or row.sealed_number is None:
            return
        facts = facts_of(store, row)
        number = numbers.open(row.sealed_number, place=f"case:{case_id}")
    letter = _lay(mailbox, number, write_letter(facts, registries), case_id)
    with uow() as store:
        row = store.case(case_id)
        if row.letter == LetterState.DUE:
            _note(store, row, letter)


def _lay(mailbox: Mailbox, number: str, letter: Letter, case_id: str) -> LetterState:
    try:
        return LetterState.SENT if mailbox.send(number, letter) else LetterState.TO_PRINT
    except LetterRefused as refused:
        _log.warning("letter refused", case_id=case_id, code=str(refused))
        return LetterState.REFUSED


def _note(store: Store, row: CaseRow, letter: LetterState) -> None:
    if letter is LetterState.SENT:
        row.sealed_number = None
    row.letter = letter
    store.log_access(
        Access.by_system(
            "service:reservation",
            registry=row.registry_key,
            pid=None,
            action="write",
            object=f"case:{row.case_id}/letter_{letter.value}",
            reason="data subject rights",
        )
    )
