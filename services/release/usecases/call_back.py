"""A person was erased, or a consent withdrawn: no file that is not out may hold what is gone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from services.release.domain import delivery as rules
from services.release.domain.delivery import DeliveryState
from services.release.store.store import Store, delivery_of
from services.release.store.tables import DeliveryRow
from services.release.usecases.acting import note_of_system
from services.release.usecases.deliver import request_extract
from services.release.usecases.keep_files import DISCARD_JOB
from services.release.usecases.ports import DeliveryFiles
from shared.contracts.release import PersonErased
from shared.outbox.unit_of_work import UnitOfWork

CONFIRM_JOB = "confirm_erasure"


def erase_person(case_id: str, extracts: Sequence[str], *, uow: UnitOfWork[Store]) -> None:
    """Make undelivered files anew without the person; the receipt waits until the old ones are deleted."""
    with uow() as store:
        found = store.deliveries_with(extracts)
        out = [row.project_id for row in found if row.state == DeliveryState.DOWNLOADED]
        old = [row.extract_id for row in found]
        for row in found:
            _make_anew(store, row)
        if not old:
            store.emit(PersonErased(case_id=case_id, projects=()))
            return
        store.enqueue(CONFIRM_JOB, key=f"confirm-erasure:{case_id}", case_id=case_id, extracts=old, projects=out)


def recall_extracts(extracts: Sequence[str], *, uow: UnitOfWork[Store]) -> None:
    """Make undelivered files anew without a course that counts no more; nobody waits for a receipt."""
    with uow() as store:
        for row in store.deliveries_with(extracts):
            old = row.extract_id
            _make_anew(store, row)
            if row.extract_id != old:
                store.enqueue(DISCARD_JOB, key=f"recall:{old}", extract_id=old)


def confirm_erasure(
    case_id: str, extracts: Sequence[str], projects: Sequence[str], *, files: DeliveryFiles, uow: UnitOfWork[Store]
) -> None:
    """Delete the files, then send the receipt, which names the projects whose files are already out. May run twice."""
    for extract_id in extracts:
        files.remove(extract_id)
    with uow() as store:
        store.emit(PersonErased(case_id=case_id, projects=tuple(projects)))


def _make_anew(store: Store, row: DeliveryRow) -> None:
    recalled = rules.recalled(delivery_of(row, store.approvals(row.delivery_id)))
    if recalled.state is not DeliveryState.REQUESTED:
        return
    store.write_delivery(row, recalled)
    row.extract_id = uuid.uuid4().hex
    row.persons = row.rows = row.sha256 = row.fetched_at = row.expires_at = None
    note_of_system(store, row.application_id, "extract_recalled")
    request_extract(store, row)
