"""A person reserves, or takes the reservation back."""

from __future__ import annotations

import uuid

from services.reservation.domain.case import CaseKind, CaseState, Channel
from services.reservation.domain.deadline import answer_by
from services.reservation.domain.errors import RuleBroken
from services.reservation.store.store import Store
from services.reservation.store.tables import CaseRow
from shared.contracts.reservation import Registered, Withdrawn
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def reserve(registry: str, person_hash: str, *, channel: Channel, uow: UnitOfWork[Store]) -> str:
    """Block the person from this moment and have everything erased; returns the case's id."""
    with uow() as store:
        if store.is_reserved(registry, person_hash):
            raise RuleBroken("already_reserved")
        store.reserve(registry, person_hash)
        row = _new_case(store, registry, person_hash, CaseKind.RESERVATION, CaseState.WAITING, channel)
        store.emit(
            Registered(case_id=row.case_id, registry=registry, person_hash=person_hash, received_at=row.received_at)
        )
        return row.case_id


def take_back(registry: str, person_hash: str, *, channel: Channel, uow: UnitOfWork[Store]) -> str:
    """Let the person be registered again from now on; returns the case's id."""
    with uow() as store:
        if not store.is_reserved(registry, person_hash):
            raise RuleBroken("not_reserved")
        store.release(registry, person_hash)
        row = _new_case(store, registry, person_hash, CaseKind.WITHDRAWAL, CaseState.CLOSED, channel)
        store.emit(Withdrawn(case_id=row.case_id, registry=registry, person_hash=person_hash))
        return row.case_id


def _new_case(
    store: Store, registry: str, person_hash: str, kind: CaseKind, state: CaseState, channel: Channel
) -> CaseRow:
    row = CaseRow(
        case_id=uuid.uuid4().hex,
        registry_key=registry,
        person_hash=person_hash,
        kind=kind,
        state=state,
        channel=channel,
        received_at=store.now,
        due_on=answer_by(oslo(store.now).date()),
        closed_at=store.now if state is CaseState.CLOSED else None,
    )
    store.add(row)
    return row
