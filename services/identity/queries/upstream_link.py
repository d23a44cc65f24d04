"""What the page about the upstream log-in shows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from services.identity.store.log_in_tables import UpstreamLinkRow
from shared.db.database import Database


def linked_since(user_id: int, *, database: Database) -> datetime | None:
    """Since when the own account is linked; None if it is not."""
    query = select(UpstreamLinkRow.linked_at).where(UpstreamLinkRow.user_id == user_id)
    with database.reading() as session:
        return session.scalar(query)
