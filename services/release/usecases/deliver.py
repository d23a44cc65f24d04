"""Deliveries inside the house: order the extract, take it, have two persons approve it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.release.domain import application as application_rules
from services.release.domain import delivery as rules
from services.release.domain.application import State
from services.release.domain.catalog import Catalog
from services.release.domain.delivery import DeliveryState
from services.release.domain.errors import NotFound, RuleBroken
from services.release.store.store import Store, application_of, delivery_of
from services.release.store.tables import ApplicationRow, DeliveryRow
from services.release.usecases.acting import note, note_of_system, registry_of, reviewer_of
from shared.auth.principal import Principal
from shared.contracts.release import ExtractRequested
from shared.outbox.unit_of_work import UnitOfWork

FETCH_JOB = "fetch_extract"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What registration tells of an extract it has made."""

    persons: int
    rows: int
    smallest_cell: int
    sha256: str


def order_extract(application_id: str, *, by: Principal, catalog: Catalog, uow: UnitOfWork[Store]) -> str:
    """Order what was approved, and nothing else; returns the delivery's id."""
    with uow() as store:
        application = store.application(application_id, registry=registry_of(by))
        if application.state != State.APPROVED:
            raise RuleBroken("application_is_not_approved")
        if store.has_delivery_under_way(application_id):
            raise RuleBroken("delivery_is_under_way")
        row = DeliveryRow(
            delivery_id=uuid.uuid4().hex,
            application_id=application_id,
            project_id=application_id,
            extract_id=uuid.uuid4().hex,
            recipient=application.applicant,
            order=_order(application, catalog),
            state=DeliveryState.REQUESTED,
            ordered_at=store.now,
            use_until=date.fromisoformat(application.content["ends_on"]),
        )
        store.add(row)
        request_extract(store, row)
        note(store, application_id, "extract_ordered", by)
        return row.delivery_id


def take_extract(extract_id: str, facts: Facts, *, uow: UnitOfWork[Store]) -> None:
    """The extract is made: have the file fetched and let two persons look at it. An old one is passed over."""
    with uow() as store:
        row = store.find_delivery_of_extract(extract_id)
        if row is None or row.state != DeliveryState.REQUESTED:
            return
        store.write_delivery(row, rules.made(delivery_of(row, frozenset()), smallest_cell=facts.smallest_cell))
        row.persons, row.rows, row.sha256 = facts.persons, facts.rows, facts.sha256
        row.expires_at = rules.expiry(store.now)
        note_of_system(store, row.application_id, "extract_ready")
        store.enqueue(FETCH_JOB, key=f"fetch:{extract_id}", extract_id=extract_id)


def take_failure(extract_id: str, code: str, *, uow: UnitOfWork[Store]) -> None:
    """No extract could be made; it may be ordered anew."""
    with uow() as store:
        row = store.find_delivery_of_extract(extract_id)
        if row is None or row.state != DeliveryState.REQUESTED:
            return
        store.write_delivery(row, rules.failed(delivery_of(row, frozenset())))
        row.failure = code
        note_of_system(store, row.application_id, "extract_failed")


def approve(
    delivery_id: str, *, by: Principal, accepts_small_cells: bool, catalog: Catalog, uow: UnitOfWork[Store]
) -> None:
    """One person approves; the second opens the delivery."""
    with uow() as store:
        row = store.delivery(delivery_id)
        application = store.application(row.application_id, registry=registry_of(by))
        application_rules.check_impartial(application_of(application), reviewer_of(by))
        if row.fetched_at is None:
            raise RuleBroken("file_is_not_here_yet")
        approved = rules.approve(
            delivery_of(row, store.approvals(delivery_id)),
            by=by.actor,
            threshold=catalog[application.registry_key].small_cell,
            accepts_small_cells=accepts_small_cells,
        )
        store.write_delivery(row, approved)
        row.expires_at = rules.expiry(store.now)
        note(store, row.application_id, "delivery_approved", by)


def _order(application: ApplicationRow, catalog: Catalog) -> dict[str, Any]:
    registry = catalog.get(application.registry_key)
    if registry is None:
        raise NotFound
    content = application.content
    return {
        "registry": registry.key,
        "variables": registry.variables(content["forms"]),
        "from_on": content["from_on"],
        "to_on": content["to_on"],
        "organisations": sorted(registry.organisations),
        "recipient_key": content["recipient_key"],
    }


def request_extract(store: Store, row: DeliveryRow) -> None:
    """Ask registration for the delivery's present extract."""
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
