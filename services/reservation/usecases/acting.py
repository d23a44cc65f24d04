"""Who acts, as the log wants to know it."""

from __future__ import annotations

from services.reservation.store.store import Store
from services.reservation.store.tables import CaseRow
from shared.audit.log import Access
from shared.auth.principal import Principal


def note(store: Store, row: CaseRow, step: str, by: Principal) -> None:
    """Put what was done with a case into the log."""
    store.log_access(
        Access.by(
            by,
            registry=row.registry_key,
            pid=None,
            action="write",
            object=f"case:{row.case_id}/{step}",
            reason="data subject rights",
        )
    )
