"""What happens to files by itself: fetched when made, deleted when called back, handed out or over."""

from __future__ import annotations

import hashlib

from services.release.domain import delivery as rules
from services.release.store.store import Store, delivery_of
from services.release.usecases.acting import note_of_system
from services.release.usecases.ports import DeliveryFiles, ExtractSource
from shared.contracts.release import AccessExpired
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo

DISCARD_JOB = "discard_extract"


class FileUnusable(Exception):  # noqa: N818 - says what is
    """A file is not, or not yet, what registration told of; fetched again later."""


def fetch_extract(extract_id: str, *, extracts: ExtractSource, files: DeliveryFiles, uow: UnitOfWork[Store]) -> None:
    """Fetch a file that was made; one called back meanwhile is not kept."""
    with uow() as store:
        row = store.find_delivery_of_extract(extract_id)
        expected = row.sha256 if row is not None else None
    if expected is None:
        return
    content = extracts.fetch(extract_id)
    if content is None or hashlib.sha256(content).hexdigest() != expected:
        raise FileUnusable
    files.write(extract_id, content)
    with uow() as store:
        row = store.find_delivery_of_extract(extract_id)
        if row is not None and row.state in rules.UNDER_WAY:
            row.fetched_at = store.now
            return
    files.remove(extract_id)


def expire(*, uow: UnitOfWork[Store]) -> None:
    """Delete files nobody came for, and tell of projects whose time is over."""
    with uow() as store:
        for row in store.files_over():
            store.write_delivery(row, rules.expired(delivery_of(row, store.approvals(row.delivery_id))))
            note_of_system(store, row.application_id, "delivery_expired")
            store.enqueue(DISCARD_JOB, key=f"discard:{row.extract_id}", extract_id=row.extract_id)
        for row in store.uses_over(oslo(store.now).date()):
            row.use_ended_at = store.now
            note_of_system(store, row.application_id, "use_ended")
            store.emit(AccessExpired(delivery_id=row.delivery_id, project_id=row.project_id))
