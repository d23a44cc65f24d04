"""A finished extract, for release to fetch."""

from __future__ import annotations

from services.registration.domain.errors import NotFound
from services.registration.domain.extract import ExtractState
from services.registration.store.store import Store
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def allow_extract(extract_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> None:
    """Log that the file is fetched; NotFound while it is being made, and when somebody in it has reserved since."""
    with uow() as store:
        row = store.extract(extract_id)
        if row.state != ExtractState.READY:
            raise NotFound
        store.log_access(
            Access.by_system(
                by.actor,
                registry=str(row.request["registry"]),
                pid=None,
                action="read",
                object=f"extract:{extract_id}",
                reason=f"project:{row.project_id}",
            )
        )
