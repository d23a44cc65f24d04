"""Take release's request for an extract, and let go of a file that has been delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.domain.extract import ExtractState
from services.registration.store.store import Store
from services.registration.store.tables import ExtractRow
from shared.outbox.unit_of_work import UnitOfWork

MAKE_JOB, REMOVE_JOB = "make_extract", "remove_extract"


def request_extract(
    extract_id: str, *, delivery_id: str, project_id: str, request: Mapping[str, Any], uow: UnitOfWork[Store]
) -> None:
    """Have it made; `request`: registry, variables, from_on, to_on, organisations, recipient_key."""
    with uow() as store:
        if store.find_extract(extract_id) is not None:
            return
        store.add(
            ExtractRow(
                extract_id=extract_id,
                delivery_id=delivery_id,
                project_id=project_id,
                request=dict(request),
                state=ExtractState.REQUESTED,
            )
        )
        store.enqueue(MAKE_JOB, key=f"extract:{extract_id}", extract_id=extract_id)


def drop_file(extract_id: str, *, uow: UnitOfWork[Store]) -> None:
    """Have the file deleted; who was in it stays known."""
    with uow() as store:
        store.enqueue(REMOVE_JOB, key=f"remove:{extract_id}", extract_id=extract_id)
