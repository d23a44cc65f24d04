"""The way out: the named recipient downloads the file, once."""

from __future__ import annotations

from dataclasses import dataclass

from services.release.domain import delivery as rules
from services.release.domain.errors import NotFound, RuleBroken
from services.release.store.store import Store, delivery_of
from services.release.usecases.acting import note
from services.release.usecases.keep_files import DISCARD_JOB
from services.release.usecases.ports import DeliveryFiles
from shared.auth.principal import Principal
from shared.contracts.release import Delivered
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class HandedOut:
    """The file that leaves, with its checksum."""

    content: bytes
    sha256: str


def hand_out(delivery_id: str, *, by: Principal, files: DeliveryFiles, uow: UnitOfWork[Store]) -> HandedOut:
    """Give the file to its recipient; of two at once one gets it, and a file that cannot be read uses nothing up."""
    with uow() as store:
        row = store.delivery(delivery_id)
        if row.recipient != by.subject:
            raise NotFound
        handed = rules.downloaded(delivery_of(row, store.approvals(delivery_id)), by=by.subject)
        content = files.read(row.extract_id)
        if content is None or row.sha256 is None or row.expires_at is None or row.expires_at <= store.now:
            raise RuleBroken("delivery_is_not_open")
        store.write_delivery(row, handed)
        row.downloaded_at = store.now
        note(store, row.application_id, "downloaded", by)
        store.enqueue(DISCARD_JOB, key=f"discard:{row.extract_id}", extract_id=row.extract_id)
        facts = {"delivery_id": delivery_id, "project_id": row.project_id, "extract_id": row.extract_id}
        store.emit(Delivered(**facts, delivered_at=store.now))
        return HandedOut(content=content, sha256=row.sha256)
