"""Deliveries: order the extract, have two persons approve it, hand it out once, call it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.release.domain import delivery as rules
from services.release.domain.application import State
from services.release.domain.delivery import DeliveryState
from services.release.domain.errors import RuleBroken
from services.release.store.store import Store, delivery_of
from services.release.store.tables import DeliveryRow
from shared.contracts.release import Delivered, ExtractRequested, PersonErased
from shared.outbox.unit_of_work import UnitOfWork

FETCH_JOB, DISCARD_JOB = "fetch_extract", "discard_extract"


def order_extract(application_id: str, order: Mapping[str, Any], *, uow: UnitOfWork[Store]) -> str:
    """Order an approved extract; `order`: variables, from_on, to_on, organisations, recipient_key."""
    with uow() as store:
        application = store.application(application_id)
        if application.state != State.APPROVED:
            raise RuleBroken("application_is_not_approved")
        row = DeliveryRow(
            delivery_id=uuid.uuid4().hex,
            application_id=application_id,
            project_id=uuid.uuid4().hex,
            extract_id=uuid.uuid4().hex,
            recipient=application.applicant,
            order={**order, "registry": application.registry_key},
            state=DeliveryState.REQUESTED,
        )
        store.add(row)
        _request(store, row)
        return row.delivery_id


def take_extract(extract_id: str, *, smallest_cell: int, sha256: str, uow: UnitOfWork[Store]) -> None:
    """The extract is made: have the file fetched and let two persons look at it."""
    with uow() as store:
        row = store.delivery_of_extract(extract_id)
        store.write_delivery(row, rules.made(delivery_of(row, frozenset()), smallest_cell=smallest_cell))
        row.sha256 = sha256
        store.enqueue(FETCH_JOB, key=f"fetch:{extract_id}", extract_id=extract_id)


def approve(delivery_id: str, *, by: str, threshold: int, accepts_small_cells: bool, uow: UnitOfWork[Store]) -> None:
    """One person approves; the second opens the delivery."""
    with uow() as store:
        row = store.delivery(delivery_id)
        delivery = delivery_of(row, store.approvals(delivery_id))
        approved = rules.approve(delivery, by=by, threshold=threshold, accepts_small_cells=accepts_small_cells)
        store.write_delivery(row, approved)


def hand_out(delivery_id: str, *, to: str, uow: UnitOfWork[Store]) -> str:
    """The recipient downloads, once; returns the id of the file to send."""
    with uow() as store:
        row = store.delivery(delivery_id)
        store.write_delivery(row, rules.downloaded(delivery_of(row, store.approvals(delivery_id)), by=to))
        row.downloaded_at = store.now
        facts = {"delivery_id": delivery_id, "project_id": row.project_id, "extract_id": row.extract_id}
        store.emit(Delivered(**facts, delivered_at=store.now))
        return row.extract_id


def erase_person(case_id: str, extracts: Sequence[str], *, uow: UnitOfWork[Store]) -> None:
    """Make undelivered files anew without the person; name the projects whose files are already out."""
    with uow() as store:
        out = []
        for row in store.deliveries_with(extracts):
            if row.state == DeliveryState.DOWNLOADED:
                out.append(row.project_id)
            else:
                _make_anew(store, row)
        store.emit(PersonErased(case_id=case_id, projects=tuple(out)))


def _make_anew(store: Store, row: DeliveryRow) -> None:
    recalled = rules.recalled(delivery_of(row, store.approvals(row.delivery_id)))
    if recalled.state is not DeliveryState.REQUESTED:
        return
    store.enqueue(DISCARD_JOB, key=f"discard:{row.extract_id}", extract_id=row.extract_id)
    store.write_delivery(row, recalled)
    row.extract_id, row.sha256 = uuid.uuid4().hex, None
    _request(store, row)


def _request(store: Store, row: DeliveryRow) -> None:
    order = row.order
    store.emit(
        ExtractRequested(
            extract_id=row.extract_id,
            delivery_id=row.delivery_id,
            project_id=row.project_id,
            registry=order["registry"],
            variables=tuple(order["variables"]),
            from_on=date.fromisoformat(order["from_on"]),
            to_on=date.fromisoformat(order["to_on"]),
            organisations=tuple(order["organisations"]),
            recipient_key=order["recipient_key"],
        )
    )
