"""A person reserves, or takes the reservation back."""

from __future__ import annotations

import uuid

from services.reservation.domain.case import CaseKind, CaseState, Channel, LetterState
from services.reservation.domain.deadline import answer_by
from services.reservation.domain.errors import RuleBroken
from services.reservation.store.store import Store
from services.reservation.store.tables import CaseRow
from services.reservation.usecases.acting import note
from services.reservation.usecases.numbers import Numbers
from shared.auth.principal import Principal
from shared.contracts.reservation import Registered, Withdrawn
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def reserve(
    registry: str,
    number: str,
    *,
    channel: Channel,
    language: str,
    by: Principal,
    numbers: Numbers,
    uow: UnitOfWork[Store],
) -> str:
    """Block the person from this moment and have everything erased; returns the case's id.

    The number stays with the case, closed, until the letter about it is out.
    """
    person_hash = numbers.hash_of(number)
    with uow() as store:
        if not store.reserve(registry, person_hash):
            raise RuleBroken("already_reserved")
        row = _new_case(store, registry, person_hash, CaseKind.RESERVATION, channel)
        row.language, row.letter = language, LetterState.DUE
        row.sealed_number = numbers.seal(number, place=f"case:{row.case_id}")
        store.add(row)
        store.emit(
            Registered(case_id=row.case_id, registry=registry, person_hash=person_hash, received_at=row.received_at)
        )
        note(store, row, "reserve", by)
        return row.case_id


def take_back(registry: str, person_hash: str, *, channel: Channel, by: Principal, uow: UnitOfWork[Store]) -> str:
    """Let the person be registered again from now on; returns the case's id."""
    with uow() as store:
        if not store.release(registry, person_hash):
            raise RuleBroken("not_reserved")
        row = _new_case(store, registry, person_hash, CaseKind.WITHDRAWAL, channel)
        row.state, row.closed_at = CaseState.CLOSED, store.now
        store.add(row)
        store.emit(Withdrawn(case_id=row.case_id, registry=registry, person_hash=person_hash))
        note(store, row, "take_back", by)
        return row.case_id


def _new_case(store: Store, registry: str, person_hash: str, kind: CaseKind, channel: Channel) -> CaseRow:
    return CaseRow(
        case_id=uuid.uuid4().hex,
        registry_key=registry,
        person_hash=person_hash,
        kind=kind,
        state=CaseState.WAITING,
        channel=channel,
        received_at=store.now,
        due_on=answer_by(oslo(store.now).date()),
    )
